"""Organisations, their people, and who asks to be one of them; import them from here."""

from programme.organisations.models.claims import Claim, ClaimQuerySet, MailDomain
from programme.organisations.models.merging import (
    FormerOrganisation,
    LikelyDouble,
    MovedRow,
    Neighbours,
    Split,
)
from programme.organisations.models.organisations import (
    CapacitySlot,
    DeskCountry,
    Invitation,
    InvitationByMail,
    Membership,
    Organisation,
    OrganisationCity,
    OrganisationName,
    OrganisationQuerySet,
    hash_of,
    new_token,
)

__all__ = [
    "CapacitySlot",
    "Claim",
    "ClaimQuerySet",
    "DeskCountry",
    "FormerOrganisation",
    "Invitation",
    "InvitationByMail",
    "LikelyDouble",
    "MailDomain",
    "Membership",
    "MovedRow",
    "Neighbours",
    "Organisation",
    "OrganisationCity",
    "OrganisationName",
    "OrganisationQuerySet",
    "Split",
    "hash_of",
    "new_token",
]
