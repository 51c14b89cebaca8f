"""Demo pairings: one that waits for answers, one that has just begun, and wishes before one."""

from django.db import transaction

from core.kit.days import today
from iuc_portal.demo.applications import application_of
from iuc_portal.demo.assessments import DECIDED
from iuc_portal.demo.people import person
from pairings.models import Pairing
from pairings.selectors import possible_partners
from pairings.services import (
    Party,
    answer_pairing,
    propose_pairing,
    record_signature,
    say_wish,
)
from pairings.states import PairingStatus
from programme.models import Topic
from programme.organisations.models import Organisation
from programme.states import Origin, Side

OPEN = ("lead-almada", "lead-kochi", ("urban mobility",))
RUNNING = (
    "lead-dubrovnik",
    "lead-panaji",
    ("management of urban services under pressure from tourism activities",),
)


def make_pairings() -> int:
    """Make the pairings that are missing; return how many."""
    made = _propose(*OPEN, reason="Demo: both are ferry ports whose buses end at the quay.")
    running = _propose(
        *RUNNING, reason="Demo: both live from visitors and suffer from too many at a time."
    )
    if running:
        _start(running)
    _wish()
    return sum(pairing is not None for pairing in (made, running))


@transaction.atomic
def _wish() -> None:
    """Let a city that was chosen say whom it would like, and whom rather not."""
    application = application_of("lead-almada", DECIDED)
    if application is None or application.status != "accepted":
        return
    if application.organisation.partner_wishes.exists():
        return
    words = ((True, "Demo: its ferries meet its buses."), (False, "Demo: far larger than we are."))
    for about, (is_wanted, word) in zip(possible_partners(application), words, strict=False):
        say_wish(
            application=application,
            about=about,
            is_wanted=is_wanted,
            word=word,
            by=person("lead-almada"),
        )


def demo_pairing(eu_login: str, partner_login: str) -> Pairing | None:
    """Return the demo pairing of two people's organisations, whatever became of it."""
    pairings = Pairing.objects.filter(origin=Origin.DEMO)
    for login in (eu_login, partner_login):
        pairings = pairings.filter(
            members__organisation__memberships__user__email=f"{login}@demo.example"
        )
    return pairings.first()


@transaction.atomic
def _propose(
    eu_login: str, partner_login: str, topics: tuple[str, ...], *, reason: str
) -> Pairing | None:
    application = application_of(eu_login)
    if demo_pairing(eu_login, partner_login) or application is None:
        return None
    if application.status != "accepted":
        # Somebody decided otherwise: the demo does not argue.
        return None
    return propose_pairing(
        call=application.call,
        parties=[
            Party(application.organisation, Side.EU),
            Party(Organisation.objects.of(person(partner_login)).get(), Side.PARTNER),
        ],
        topics=Topic.objects.filter(name__in=topics),
        reason=reason,
        by=person("coordinator"),
    )


@transaction.atomic
def _start(pairing: Pairing) -> None:
    """Let both cities accept and sign: the clock starts today."""
    leads = {Side.EU: person("lead-dubrovnik"), Side.PARTNER: person("lead-panaji")}
    for member in pairing.members.all():
        answer_pairing(member=member, accept=True, by=leads[Side(member.side)])
    assert Pairing.objects.get(pk=pairing.pk).status == PairingStatus.ACCEPTED  # noqa: S101
    for member in Pairing.objects.get(pk=pairing.pk).members.all():
        record_signature(
            member=member,
            signed_on=today(),
            signatory_name="Mira Demo",
            signatory_office="Mayor",
            by=leads[Side(member.side)],
        )
