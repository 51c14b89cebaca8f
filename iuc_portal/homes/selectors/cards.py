"""Where the applications, pairings and plans of a person's cities stand."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum

from action_plans.models import FundingLine, Measure, Plan
from action_plans.selectors.sections import with_goals
from action_plans.states import MeasureKind, MeasureStatus
from applications.models import Application, Interest
from applications.progress import Next, next_of
from applications.selectors.interests import as_interest_list
from applications.selectors.lists import OF_CITIES, as_cities_list
from applications.states import TONES, ApplicationStatus
from core.duties.catalogue import Duty, key_of
from core.kit.days import today
from core.kit.rows import know, lines_of, number_of
from core.kit.text import fold
from iuc_portal.homes.selectors.needs import Deferred, Owed
from pairings.models import Milestone, Pairing, PairingMember
from pairings.states import LIVE, PairingStatus
from pairings.timetable import month_of


@dataclass(frozen=True)
class ApplicationRow:
    """An application as the workspace lists it; with its duty while it can be sent."""

    application: Application
    duty: Duty | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is a draft that can be sent."""
        return self.duty is not None

    @property
    def tasks(self) -> tuple[Any, ...]:
        """Return the sections of a draft, for the first few drafts of the page."""
        return self.duty.words.parts if self.duty else ()

    @property
    def done(self) -> int:
        """Return how many sections are complete."""
        return sum(task.is_done for task in self.tasks)

    @property
    def tone(self) -> str:
        """Return the tone of components/status.html."""
        return TONES[ApplicationStatus(self.application.status)]


@dataclass(frozen=True)
class NextMilestone:
    """The first milestone of a pairing that is not done."""

    title: str
    due_on: dt.date


@dataclass(frozen=True)
class PairingCard:
    """A live pairing with where its clock stands."""

    pairing: Pairing
    topics: list[str]
    next_milestone: NextMilestone | None

    @property
    def month(self) -> int | None:
        """Return the month of the cooperation, once it runs."""
        started = self.pairing.started_on
        return month_of(started, today()) if started else None

    @property
    def months(self) -> int:
        """Return how many months the cooperation takes."""
        if not (self.pairing.started_on and self.pairing.ends_on):
            return 0
        return max(month_of(self.pairing.started_on, self.pairing.ends_on) - 1, 1)


@dataclass(frozen=True)
class PlanCard:
    """A city's own plan with how far it is and what it costs."""

    plan: Plan
    # Required sections, and those of them that are marked as done.
    sections: int
    done: int
    measures: int
    pilots: int
    # By currency: what all measures cost, and what no funding line covers.
    money: list[tuple[str, Decimal, Decimal]]


def application_rows(owed: Owed) -> list[ApplicationRow]:
    """Return the applications of the person's cities, with what is due on them."""
    rows = as_cities_list(Application.objects.select_related("response"))
    found, duties = owed.read(rows, OF_CITIES & Q(organisation__in=owed.organisations))
    drafts = {duty.about: duty for duty in duties if duty.kind == "draft_closing"}
    return [ApplicationRow(each, drafts.get(key_of(each))) for each in found]


@dataclass(frozen=True)
class InterestRow:
    """An expression of interest as the workspace lists it, with what is next and by when."""

    interest: Interest
    next: Next

    @property
    def is_open(self) -> bool:
        """Whether its city can do something."""
        return self.next.is_open


def deferred_interests(owed: Owed) -> Deferred[Interest]:
    """Return the expressions of interest of the person's cities, to be read with what is due."""
    rows = as_interest_list(Interest.objects.all())
    return owed.defer(rows, Q(organisation__in=owed.organisations))


def interest_rows(interests: list[Interest]) -> list[InterestRow]:
    """Return the rows, but for those whose full application stands in its own row."""
    rows: list[Any] = list(interests)
    return [InterestRow(row, next_of(row)) for row in rows if not row.has_begun]


def pairing_cards(owed: Owed) -> list[PairingCard]:
    """Return the live pairings of the person's cities."""
    to_come = Milestone.objects.filter(pairing=OuterRef("pairing"), done_at=None).order_by("due_on")
    topics = Pairing.topics.through.objects.filter(pairing=OuterRef("pairing"))
    parties: QuerySet[Any] = (
        PairingMember.objects.select_related("pairing", "organisation__country", "signature")
        .order_by("-pairing__created_at", "-pairing__id", "order", "pk")
        .annotate(
            topic_names=lines_of(topics, "topic__name"),
            next_title=Subquery(to_come.values("title")[:1]),
            next_due_on=Subquery(to_come.values("due_on")[:1]),
        )
    )
    own = PairingMember.objects.filter(organisation__in=owed.organisations)
    # With their partners, who stand on the card too.
    found, _duties = owed.read(
        parties, Q(pairing__status__in=LIVE, pairing__in=own.values("pairing"))
    )
    # Two cities of one pairing may be one person's: it has one card.
    members: dict[int, list[Any]] = {}
    for party in found:
        members.setdefault(party.pairing_id, []).append(party)
    for party in found:
        # The words of what is owed name the partners.
        know(party.pairing, "members", members[party.pairing_id])
    return [_pairing_card(together) for together in members.values()]


def _pairing_card(members: list[Any]) -> PairingCard:
    """Return the card of the members of a pairing; mypy cannot see what was annotated."""
    first = members[0]
    due_on = first.next_due_on
    return PairingCard(
        pairing=first.pairing,
        topics=sorted(filter(None, (first.topic_names or "").split("\n")), key=fold),
        next_milestone=NextMilestone(first.next_title, due_on) if due_on else None,
    )


def plan_cards(owed: Owed) -> list[PlanCard]:
    """Return the plans of the person's organisations; the partner's are read in the pairing."""
    measures = Measure.objects.filter(plan=OuterRef("pk")).exclude(status=MeasureStatus.DROPPED)
    plans = (
        with_goals(Plan.objects.all())
        .select_related("response", "member__organisation")
        .annotate(
            measure_count=number_of(measures),
            pilot_count=number_of(measures.filter(kind=MeasureKind.PILOT)),
        )
    )
    own = Q(
        member__organisation__in=owed.organisations, member__pairing__status=PairingStatus.RUNNING
    )
    found, _duties = owed.read(plans, own)
    # A row for each milestone that asks for it.
    rows = {plan.pk: plan for plan in found}
    money = _money(rows)
    return [
        PlanCard(
            plan=plan,
            sections=plan.required_count,
            done=plan.required_count - plan.open_count,
            measures=plan.measure_count,
            pilots=plan.pilot_count,
            money=money.get(plan.pk, []),
        )
        for plan in rows.values()
    ]


def _money(plans: Collection[int]) -> dict[int, list[tuple[str, Decimal, Decimal]]]:
    """Return by plan the cost and the gap in each currency; one query."""
    lines = FundingLine.objects.filter(measure=OuterRef("pk")).order_by().values("measure")
    rows: QuerySet[Measure, Any] = (
        Measure.objects.filter(plan__in=plans)
        .exclude(status=MeasureStatus.DROPPED)
        .annotate(funded=Subquery(lines.annotate(sum=Sum("amount")).values("sum")))
        .order_by()
        .values_list("plan", "currency")
        .annotate(cost=Sum("cost_total"), covered=Sum("funded"))
    )
    found: dict[int, list[tuple[str, Decimal, Decimal]]] = {}
    for plan, currency, cost, covered in rows:
        if cost:
            gap = cost - (covered or Decimal(0))
            found.setdefault(plan, []).append((currency, cost, gap))
    return found
