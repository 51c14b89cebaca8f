"""Calls as the public reads them, with their rules in words."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from applications.eligibility import asks_for
from applications.selectors import call_rules
from core.kit import days
from programme.calls.models import Call, CallCommitment
from programme.calls.states import CallPhase
from programme.models import Country, Strand
from programme.organisations.states import OrganisationKind
from programme.states import Origin, Side


def _with_details(calls: QuerySet[Call]) -> QuerySet[Call]:
    return calls.select_related("strand").prefetch_related(
        "partner_countries", "named_partners", "themes"
    )


def public_calls() -> QuerySet[Call]:
    """Return the published calls with what lists and pages show of them."""
    return _with_details(Call.objects.published())


def readable_calls(user: User | AnonymousUser) -> QuerySet[Call]:
    """Return the calls whose page a person may open: staff preview drafts there."""
    return _with_details(Call.objects.visible_to(user))


def calls_by_phase(now: datetime | None = None) -> dict[CallPhase, list[Call]]:
    """Return the published calls: open (closing first), coming (opening first), closed."""
    now = now or days.now()
    found: dict[CallPhase, list[Call]] = {phase: [] for phase in CallPhase}
    for call in public_calls():
        found[call.phase(now)].append(call)
    never = now + timedelta(days=36500)
    found[CallPhase.OPEN].sort(key=lambda call: call.closes_at or never)
    found[CallPhase.COMING].sort(key=lambda call: call.opens_at or never)
    return found


def calls_for_regions(now: datetime | None = None) -> list[Call]:
    """Return open and coming calls that regions and provinces can answer."""
    phases = calls_by_phase(now)
    return [
        call
        for call in phases[CallPhase.OPEN] + phases[CallPhase.COMING]
        if "region" in call.applicant_kinds
    ]


def countries_that_may_ask(call: Call) -> QuerySet[Country]:
    """Return the countries on the sides a call opens for; of Europe in any case."""
    sides = [Side.EU, *(side for side in Side if call.takes(side))]
    return Country.objects.filter(side__in=sides).order_by("side", "search_name")


def strands() -> QuerySet[Strand]:
    """Return the strands of the programme in their order."""
    return Strand.objects.all()


@dataclass(frozen=True)
class Step:
    """A step of the time line of a call; `state` is "done", "now" or ""."""

    title: str
    at: datetime | None = None
    day: date | None = None
    text: str = ""
    state: str = ""


@dataclass(frozen=True)
class CallFacts:
    """What the page of a call says, from the call's own data."""

    population: str
    takes_europe: bool
    takes_partners: bool
    may_single: bool
    may_group: bool
    may_metropolitan: bool
    may_region: bool
    eligible: list[Country]
    partners: list[str]
    named: list[str]
    themes: list[str]
    commitments: list[CallCommitment]
    steps: list[Step]
    milestones: list[tuple[str, str]]


def call_facts(call: Call, now: datetime | None = None) -> CallFacts:
    """Return the rules, dates and duties of a call for its page."""
    kinds = set(call.applicant_kinds)
    return CallFacts(
        population=asks_for(call_rules(call)),
        takes_europe=call.takes(Side.EU),
        takes_partners=call.takes(Side.PARTNER),
        may_single=OrganisationKind.MUNICIPALITY in kinds,
        may_group=OrganisationKind.GROUP in kinds,
        may_metropolitan=OrganisationKind.METROPOLITAN in kinds,
        may_region=OrganisationKind.REGION in kinds,
        eligible=list(call.eligible_countries.all()),
        partners=[str(country) for country in call.partner_countries.all()],
        named=[str(body) for body in call.named_partners.all()],
        themes=[str(theme) for theme in call.themes.all()],
        commitments=list(call.commitments.all()),
        steps=_steps(call, now or days.now()),
        milestones=[
            (milestone.title, _after(milestone.offset_months, milestone.offset_days))
            for milestone in call.milestones.all()
        ],
    )


def _after(months: int, and_days: int) -> str:
    """Say when a milestone comes, counted from the start of the cooperation."""
    parts = []
    if months:
        parts.append(ngettext("%(n)d month", "%(n)d months", months) % {"n": months})
    if and_days:
        parts.append(ngettext("%(n)d day", "%(n)d days", and_days) % {"n": and_days})
    if not parts:
        return _("at the start")
    return _("after %(time)s") % {"time": " ".join(parts)}


def _first_stage(call: Call, now: datetime) -> list[Step]:
    """Return how a call in two stages begins; those invited then apply until the call closes."""
    closes = call.interest_closes_at
    is_over = closes is not None and closes < now
    state = "now" if call.takes_interests(now) else "done" if is_over else ""
    text = _("Who is invited then writes the full application.")
    return [Step(_("Expressions of interest"), text=text, at=closes, state=state)]


def _steps(call: Call, now: datetime) -> list[Step]:
    """Return opening, closing, decision and start; what has no date has none here."""
    phase = call.phase(now)
    steps = []
    if call.opens_at:
        steps.append(
            Step(_("Call opens"), at=call.opens_at, state="done" if call.opens_at <= now else "")
        )
    if call.interest_closes_at:
        steps += _first_stage(call, now)
    if call.closes_at:
        closing = {CallPhase.OPEN: "now", CallPhase.CLOSED: "done"}.get(phase, "")
        if call.takes_interests(now):
            closing = ""
        steps.append(Step(_("Call closes"), at=call.closes_at, state=closing))
    if call.origin == Origin.PUBLISHED:
        # Only the closing day of past calls is on record: nothing is added to it.
        return steps
    decided = call.decisions_on is not None and call.decisions_on < timezone.localdate(now)
    steps.append(
        Step(
            _("Regions chosen") if call.is_for_regions else _("Cities chosen"),
            day=call.decisions_on,
            state="done" if decided else "",
        )
    )
    steps.append(
        Step(
            _("Pairs accept and sign"),
            text=ngettext(
                "%(accept)d days to accept, then %(sign)d day to sign",
                "%(accept)d days to accept, then %(sign)d days to sign",
                call.signature_days,
            )
            % {"accept": call.acceptance_days, "sign": call.signature_days},
        )
    )
    steps.append(
        Step(
            _("Cooperation"),
            text=ngettext("%(n)d month", "%(n)d months", call.duration_months)
            % {"n": call.duration_months},
        )
    )
    return steps
