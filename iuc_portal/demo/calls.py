"""Open demo calls: one closes in three weeks, one soon enough for a reminder.

Others open for both sides, for regions, and in two stages.
"""

import datetime as dt
from dataclasses import dataclass, replace

from django.db import transaction

from core.kit.days import BRUSSELS, now, today
from iuc_portal.demo.people import person
from programme.calls.models import Call
from programme.calls.services import (
    CallData,
    CriterionData,
    DocumentData,
    MilestoneData,
    data_of,
    move_deadline,
    publish_call,
    save_call,
)
from programme.calls.states import ApplicantSide, CallPhase, Checkers, Closing, MilestoneKind
from programme.models import Country, Strand, Theme
from programme.organisations.states import OrganisationKind
from programme.states import Side
from questionnaires.selectors import published_version
from questionnaires.services import attach_questionnaire
from questionnaires.states import Purpose

ASIA, AMERICAS = "C2C-2026", "C2C-2026-AM"
BOTH_SIDES, REGIONS, TWO_STAGES = "BOTH-2026", "REG-2026", "C2C-2026-BR"


CITIES = [
    OrganisationKind.MUNICIPALITY.value,
    OrganisationKind.GROUP.value,
    OrganisationKind.METROPOLITAN.value,
]


@dataclass(frozen=True)
class DemoCall:
    """What tells the calls apart."""

    code: str
    slug: str
    title: str
    summary: str
    partners: tuple[str, ...]
    closes_in_days: int
    takes_part_once: bool = False
    checkers: int = Checkers.ONE
    side: str = ApplicantSide.EU
    # A call for regions is one of the inter-regional strand, without a number of inhabitants.
    for_regions: bool = False
    # In a call in two stages: when the first one closes.
    interest_closes_in_days: int | None = None


CALLS = [
    DemoCall(
        code=ASIA,
        slug="india-japan-2026",
        title="City pairings with India and Japan 2026 (demo)",
        summary="Cities of the European Union work for 18 months with a city in India or Japan "
        "that faces the same problem. This is a demo call: nothing you send counts.",
        partners=("IN", "JP"),
        closes_in_days=21,
    ),
    DemoCall(
        code=AMERICAS,
        slug="americas-2026",
        title="City pairings with the Americas 2026 (demo)",
        summary="Cities of the European Union work for 18 months with a city in Canada, Colombia "
        "or Mexico. This is a demo call: nothing you send counts.",
        partners=("CA", "CO", "MX"),
        # Inside the fourteen days of the first reminder to drafts.
        closes_in_days=10,
        takes_part_once=True,
    ),
    DemoCall(
        code=BOTH_SIDES,
        slug="both-sides-2026",
        title="Cities on both sides: India 2026 (demo)",
        summary="Cities of the European Union and of India apply, each with the questions of its "
        "side, and work together for 18 months. This is a demo call: nothing you send counts.",
        partners=("IN",),
        closes_in_days=35,
        side=ApplicantSide.BOTH,
        checkers=Checkers.TWO,
    ),
    DemoCall(
        code=REGIONS,
        slug="regions-2026",
        title="Regions for innovation 2026 (demo)",
        summary="Regions of the European Union work for 18 months with a region in Chile, "
        "Colombia or Peru on a priority that both share. This is a demo call: nothing you send "
        "counts.",
        partners=("CL", "CO", "PE"),
        closes_in_days=40,
        for_regions=True,
    ),
    DemoCall(
        code=TWO_STAGES,
        slug="brazil-2026",
        title="City pairings with Brazil 2026, in two stages (demo)",
        summary="First a short expression of interest, then the full application for those who "
        "are invited. This is a demo call: nothing you send counts.",
        partners=("BR",),
        closes_in_days=40,
        interest_closes_in_days=12,
    ),
]
DESCRIPTION = (
    "Two cities that face the same problem solve it together: they visit each other, exchange "
    "staff, and each writes a Local Action Plan with pilot projects that can start within the "
    "cooperation.\n\nThe coordination unit chooses the pairs. Each city decides freely whether "
    "it accepts its partner."
)
COMMITMENTS = [
    "Cooperate intensively with the paired city for the duration of the call.",
    "Allocate enough staff, time and money for the actions planned.",
    "Write a Local Action Plan on the agreed priority.",
    "Sign a Partnership Agreement.",
    "Share progress with the other cities of the programme.",
    "Report, after the period, on progress and on concrete actions to come.",
]
DESCRIPTION_REGIONS = (
    "Two regions that bet on the same field solve a problem of their strategies together: firms, "
    "research and public authorities of both meet, and each writes an action plan.\n\nThe "
    "coordination unit chooses the pairs. Each region decides freely whether it accepts its "
    "partner."
)
COMMITMENTS_REGIONS = [
    "Cooperate intensively with the paired region for the duration of the call.",
    "Bring in firms, research and civil society.",
    "Allocate enough staff, time and money for the actions planned.",
    "Write a Regional Cooperation Action Plan on the agreed priority.",
    "Sign a Partnership Agreement.",
]
DOCUMENTS = [
    DocumentData(
        "Council decision",
        "That the council, or whoever may decide it, wants to take part.",
        key="council-decision",
    ),
    DocumentData(
        "Extract of the budget",
        "Where the money that you name stands, if it is decided already.",
        is_required=False,
        key="extract-of-the-budget",
    ),
]
MILESTONES = [
    MilestoneData("Kick-off meeting online", MilestoneKind.EVENT, offset_days=7),
    # Near enough for a reminder on the first day.
    MilestoneData("First ideas for the action plan", MilestoneKind.PLAN_SECTION, offset_days=10),
    MilestoneData("First study visit", MilestoneKind.EVENT, offset_months=4),
    MilestoneData("Draft of the action plan", MilestoneKind.PLAN_SECTION, offset_months=6),
    MilestoneData("Progress report", MilestoneKind.REPORT, offset_months=9),
    MilestoneData("Action plan endorsed", MilestoneKind.PLAN_SECTION, offset_months=12),
    MilestoneData("Final report", MilestoneKind.FINAL_REPORT, offset_months=18),
]
CRITERIA = [
    CriterionData("Shared challenge", 40, "How clear is the problem, and who feels it?"),
    CriterionData("Partnership", 30, "Who takes part, from planning to roll-out?"),
    CriterionData("Capacity to act", 30, "Are staff, time and money allocated?"),
]


def make_calls() -> int:
    """Make and publish the calls that are missing, move on those that closed; return how many."""
    return sum(make_call(entry) or _move_on(entry) for entry in CALLS)


def at_five(days: int) -> dt.datetime:
    """Return 17:00 Brussels time on the day `days` from now."""
    day = today() + dt.timedelta(days=days)
    return dt.datetime.combine(day, dt.time(17), tzinfo=BRUSSELS)


@transaction.atomic
def make_call(entry: DemoCall) -> bool:
    """Make and publish a call that is missing; return whether it was."""
    if Call.objects.filter(code=entry.code).exists():
        return False
    coordinator = person("coordinator")
    closes_at = at_five(entry.closes_in_days)
    data = CallData(
        title=entry.title,
        code=entry.code,
        slug=entry.slug,
        strand=Strand.objects.get(code="inter-regional" if entry.for_regions else "city-to-city"),
        summary=entry.summary,
        description=DESCRIPTION_REGIONS if entry.for_regions else DESCRIPTION,
        opens_at=(now() - dt.timedelta(days=20)).replace(minute=0, second=0, microsecond=0),
        closes_at=closes_at,
        interest_closes_at=_first_stage(entry),
        takes_part_once=entry.takes_part_once,
        checkers=entry.checkers,
        decisions_on=closes_at.date() + dt.timedelta(days=60),
        min_population=None if entry.for_regions else 100_000,
        applicant_side=entry.side,
        applicant_kinds=[OrganisationKind.REGION] if entry.for_regions else CITIES,
        eligible_countries=list(Country.objects.filter(is_eu_member=True)),
        partner_countries=list(Country.objects.filter(code__in=entry.partners)),
        themes=list(Theme.objects.all()),
        commitments=COMMITMENTS_REGIONS if entry.for_regions else COMMITMENTS,
        documents=[] if entry.for_regions else DOCUMENTS,
        milestones=MILESTONES,
        criteria=CRITERIA,
    )
    call = save_call(call=None, data=data, by=coordinator)
    questionnaires = {
        Purpose.APPLICATION: (
            "application-region" if entry.for_regions else "application-city-to-city"
        ),
        Purpose.PLAN: "local-action-plan",
    }
    if call.takes(Side.PARTNER):
        questionnaires[Purpose.PARTNER_APPLICATION] = "application-partner-side"
    if call.is_two_stage:
        questionnaires[Purpose.EXPRESSION] = "expression-of-interest"
    for purpose, key in questionnaires.items():
        attach_questionnaire(
            call=call, purpose=purpose, version=published_version(key), by=coordinator
        )
    publish_call(call=call, by=coordinator)
    return True


def _move_on(entry: DemoCall) -> bool:
    """Give a demo call that has closed a new closing day, as a coordinator would."""
    call = Call.objects.get(code=entry.code)
    is_over = call.is_two_stage and not call.takes_interests()
    if call.phase() != CallPhase.CLOSED and not is_over:
        return False
    closes_at = at_five(entry.closes_in_days)
    reason = "The demo starts anew: its calls stay open."
    call = move_deadline(
        call=call,
        closes_at=closes_at,
        by=person("coordinator"),
        read_version=call.version,
        reason=reason,
    ).call
    if (first := _first_stage(entry)) is not None:
        call = move_deadline(
            call=call,
            closes_at=first,
            by=person("coordinator"),
            read_version=call.version,
            reason=reason,
            closing=Closing.FIRST_STAGE,
        ).call
    data = replace(data_of(call), decisions_on=closes_at.date() + dt.timedelta(days=60))
    save_call(
        call=call,
        data=data,
        by=person("coordinator"),
        read_version=call.version,
        reason=reason,
        impact_confirmed=True,
    )
    return True


def _first_stage(entry: DemoCall) -> dt.datetime | None:
    days = entry.interest_closes_in_days
    return None if days is None else at_five(days)
