"""Demo of getting in: a city asked for, one registered twice, one merged, one renamed."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from iuc_portal.demo.people import person
from programme.models import Country
from programme.organisations.models import Claim, Organisation
from programme.organisations.services import (
    ask_to_join,
    create_organisation,
    merge_organisations,
    rename_organisation,
)
from programme.organisations.states import OrganisationKind

ASKED_FOR = "Murcia"
LIKELY_DOUBLE = "City of Dubrovnik"
# A city that the published list writes otherwise than it does itself.
AS_PUBLISHED, AS_IT_SAYS, RENAMED_ON = "Ichinomya", "Ichinomiya", dt.date(2026, 5, 3)
# One city under two names, until the coordinator merged them.
TWICE, SECOND_NAME = "Galați", "Primăria Galatz"


@transaction.atomic
def make_ways_in() -> int:
    """Make what is missing; return how many."""
    return _ask() + _register() + _merge() + _rename()


def _ask() -> int:
    asker = person("asks-murcia")
    if Claim.objects.filter(person=asker).exists():
        return 0
    ask_to_join(
        organisation=Organisation.objects.lasting().get(name=ASKED_FOR),
        by=asker,
        office="Head of European affairs",
        address="Glorieta de España 1, Murcia",
        words="Our pairing with Solapur goes back to 2022; the colleague who led it has left.",
    )
    _say_who(asker, f"Asks to lead, {ASKED_FOR}")
    return 1


def _register() -> int:
    founder = person("registers-dubrovnik")
    if founder.memberships.exists() or founder.claims.exists():
        return 0
    create_organisation(
        by=founder,
        name=LIKELY_DOUBLE,
        kind=OrganisationKind.MUNICIPALITY,
        country=Country.objects.get(code="HR"),
        differs_because="We would apply as the city alone, without Župa Dubrovačka.",
    )
    _say_who(founder, f"Lead, {LIKELY_DOUBLE}, not confirmed yet")
    return 1


def _merge() -> int:
    """Let the coordinator find a city that was in the portal twice, under two names."""
    coordinator, stays = person("coordinator"), Organisation.objects.get(name=TWICE)
    if stays.formers.standing().exists():
        return 0
    double = create_organisation(
        by=coordinator,
        name=SECOND_NAME,
        kind=OrganisationKind.MUNICIPALITY,
        country=stays.country,
        differs_because="Nobody was found under this spelling.",
    )
    merge_organisations(
        stays=stays,
        goes=double,
        picks={},
        reason="One city hall, entered a second time under its older name.",
        by=coordinator,
    )
    return 1


def _rename() -> int:
    """Let the coordinator write a city as it writes itself; its published pairing stays."""
    city = Organisation.objects.filter(name=AS_PUBLISHED).first()
    if city is None:
        return 0
    rename_organisation(
        organisation=city,
        name=AS_IT_SAYS,
        day=RENAMED_ON,
        reason="Its own spelling, by letter of its office; the published list leaves a letter out.",
        by=person("coordinator"),
    )
    return 1


def _say_who(account: User, words: str) -> None:
    """Set what the sign-in page of the demo says of an account."""
    account.job_title = words
    account.save(update_fields=["job_title"])
