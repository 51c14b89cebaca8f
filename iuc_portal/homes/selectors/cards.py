"""Where the applications, pairings and plans of a person's cities stand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.utils import timezone

from accounts.models import User
from action_plans.models import FundingLine, Measure, Plan
from action_plans.selectors.sections import required_sections
from action_plans.states import MeasureKind, MeasureStatus
from applications.models import Application
from applications.selectors import Task, applications_of, call_rules, facts_of, tasks_of
from applications.states import TONES, ApplicationStatus
from core.kit.days import BRUSSELS
from pairings.models import Milestone, Pairing
from pairings.selectors import pairings_of
from pairings.states import LIVE, PairingStatus
from pairings.timetable import month_of
from programme.calls.states import CallPhase
from questionnaires.models import Section

# Drafts whose progress the page shows; who has more sees the rest in the list of applications.
DRAFTS_SHOWN = 3


@dataclass(frozen=True)
class ApplicationRow:
    """An application as the workspace lists it; `tasks` only for a draft that can be sent."""

    application: Application
    tasks: list[Task] = field(default_factory=list)

    @property
    def done(self) -> int:
        """Return how many sections are complete."""
        return sum(task.is_done for task in self.tasks)

    @property
    def tone(self) -> str:
        """Return the tone of components/status.html."""
        return TONES[ApplicationStatus(self.application.status)]


@dataclass(frozen=True)
class PairingCard:
    """A live pairing with where its clock stands."""

    pairing: Pairing
    next_milestone: Milestone | None

    @property
    def month(self) -> int | None:
        """Return the month of the cooperation, once it runs."""
        started = self.pairing.started_on
        return month_of(started, timezone.localdate(timezone=BRUSSELS)) if started else None

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
    open_sections: list[Section]
    sections: int
    measures: int
    pilots: int
    # By currency: what all measures cost, and what no funding line covers.
    money: list[tuple[str, Decimal, Decimal]]

    @property
    def done(self) -> int:
        """Return how many required sections are marked as done."""
        return self.sections - len(self.open_sections)


def application_rows(user: User) -> list[ApplicationRow]:
    """Return the applications of the person's cities; a few open drafts with their tasks."""
    rows = []
    shown = 0
    for application in applications_of(user):
        can_be_sent = application.is_draft and application.call.phase() == CallPhase.OPEN
        if can_be_sent and shown < DRAFTS_SHOWN:
            shown += 1
            tasks = tasks_of(application, facts_of(application), call_rules(application.call))
            rows.append(ApplicationRow(application, tasks))
        else:
            rows.append(ApplicationRow(application))
    return rows


def pairing_cards(user: User) -> list[PairingCard]:
    """Return the live pairings of the person's cities."""
    return [_pairing_card(pairing) for pairing in pairings_of(user) if pairing.status in LIVE]


def _pairing_card(pairing: Pairing) -> PairingCard:
    to_come = [m for m in pairing.milestones.all() if m.done_at is None]
    return PairingCard(pairing, min(to_come, key=lambda m: m.due_on, default=None))


def plan_cards(user: User) -> list[PlanCard]:
    """Return the plans of the person's organisations; the partner's are read in the pairing."""
    plans = list(
        Plan.objects.filter(
            member__organisation__memberships__user=user,
            member__pairing__status=PairingStatus.RUNNING,
        )
        .select_related("response", "member__organisation", "member__pairing")
        .annotate(
            measure_count=Count(
                "measures", filter=~Q(measures__status=MeasureStatus.DROPPED), distinct=True
            ),
            pilot_count=Count(
                "measures",
                filter=Q(measures__kind=MeasureKind.PILOT)
                & ~Q(measures__status=MeasureStatus.DROPPED),
                distinct=True,
            ),
        )
    )
    sections = required_sections(plans)
    money = _money(plans)
    return [
        PlanCard(
            plan=plan,
            open_sections=sections[plan.pk].open,
            sections=len(sections[plan.pk].required),
            measures=plan.measure_count,
            pilots=plan.pilot_count,
            money=money.get(plan.pk, []),
        )
        for plan in plans
    ]


def _money(plans: Sequence[Plan]) -> dict[int, list[tuple[str, Decimal, Decimal]]]:
    """Return by plan the cost and the gap in each currency; two queries."""
    counted = Measure.objects.filter(plan__in=plans).exclude(status=MeasureStatus.DROPPED)
    costs = counted.order_by().values_list("plan", "currency").annotate(Sum("cost_total"))
    lines = FundingLine.objects.filter(measure__in=counted.values("pk")).order_by()
    funded = {
        (plan, currency): amount
        for plan, currency, amount in lines.values_list(
            "measure__plan", "measure__currency"
        ).annotate(Sum("amount"))
    }
    found: dict[int, list[tuple[str, Decimal, Decimal]]] = {}
    for plan, currency, cost in costs:
        if cost:
            gap = cost - funded.get((plan, currency), Decimal(0))
            found.setdefault(plan, []).append((currency, cost, gap))
    return found
