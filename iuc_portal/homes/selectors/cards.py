"""Where the applications, pairings and plans of a person's cities stand."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum

from accounts.models import User
from action_plans.models import FundingLine, Measure, Plan
from action_plans.selectors.sections import with_section_counts
from action_plans.states import MeasureKind, MeasureStatus
from applications.models import Application
from applications.selectors import applications_of
from applications.states import TONES, ApplicationStatus
from core.duties.catalogue import Duty, key_of
from core.kit.days import today
from core.kit.rows import number_of
from pairings.models import Milestone, Pairing
from pairings.selectors import with_parties
from pairings.states import PairingStatus
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


def application_rows(user: User, duties: Sequence[Duty]) -> list[ApplicationRow]:
    """Return the applications of the person's cities, with what is due on them."""
    drafts = {duty.about: duty for duty in duties if duty.kind == "draft_closing"}
    return [
        ApplicationRow(application, drafts.get(key_of(application)))
        for application in applications_of(user)
    ]


def pairing_cards(user: User) -> list[PairingCard]:
    """Return the live pairings of the person's cities."""
    to_come = Milestone.objects.filter(pairing=OuterRef("pk"), done_at=None).order_by("due_on")
    own = Pairing.objects.live().filter(members__organisation__memberships__user=user)
    pairings = own.distinct().annotate(
        next_title=Subquery(to_come.values("title")[:1]),
        next_due_on=Subquery(to_come.values("due_on")[:1]),
    )
    return [_pairing_card(pairing) for pairing in with_parties(pairings)]


def _pairing_card(pairing: Any) -> PairingCard:
    """Return the card of a row; mypy cannot see what was annotated."""
    due_on = pairing.next_due_on
    return PairingCard(pairing, NextMilestone(pairing.next_title, due_on) if due_on else None)


def plan_cards(user: User) -> list[PlanCard]:
    """Return the plans of the person's organisations; the partner's are read in the pairing."""
    measures = Measure.objects.filter(plan=OuterRef("pk")).exclude(status=MeasureStatus.DROPPED)
    plans = Plan.objects.filter(
        member__organisation__in=user.memberships.values("organisation"),
        member__pairing__status=PairingStatus.RUNNING,
    ).annotate(
        measure_count=number_of(measures),
        pilot_count=number_of(measures.filter(kind=MeasureKind.PILOT)),
    )
    rows: list[Any] = list(with_section_counts(plans).select_related("member__organisation"))
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
        for plan in rows
    ]


def _money(plans: Sequence[Plan]) -> dict[int, list[tuple[str, Decimal, Decimal]]]:
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
