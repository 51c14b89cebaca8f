"""The programme: countries, cities, organisations and their people, themes, calls."""

from programme.models.calls import (
    AssessmentCriterion,
    Call,
    CallCommitment,
    CallMilestone,
    CallQuerySet,
    ReferenceCounter,
)
from programme.models.organisations import (
    CapacitySlot,
    DeskCountry,
    Invitation,
    Membership,
    Organisation,
    OrganisationCity,
    OrganisationQuerySet,
    hash_of,
    new_token,
)
from programme.models.reference import (
    City,
    CityQuerySet,
    Country,
    CountryQuerySet,
    Goal,
    Strand,
    Theme,
    Topic,
)

__all__ = [
    "AssessmentCriterion",
    "Call",
    "CallCommitment",
    "CallMilestone",
    "CallQuerySet",
    "CapacitySlot",
    "City",
    "CityQuerySet",
    "Country",
    "CountryQuerySet",
    "DeskCountry",
    "Goal",
    "Invitation",
    "Membership",
    "Organisation",
    "OrganisationCity",
    "OrganisationQuerySet",
    "ReferenceCounter",
    "Strand",
    "Theme",
    "Topic",
    "hash_of",
    "new_token",
]
