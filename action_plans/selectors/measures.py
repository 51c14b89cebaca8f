"""Reads on measures: what they cost, who pays, what is missing."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from action_plans.models import FundingLine, Measure, Plan
from action_plans.states import FundingStatus, MeasureKind, MeasureStatus
from core.kit.amounts import money
from core.kit.text import fold, search_words
from programme.states import GoalFramework

ZERO = Decimal(0)


@dataclass(frozen=True)
class Money:
    """What something costs and who pays, in one currency.

    `gap` is the cost nobody pays yet, None while the cost is not known. More funding than
    cost leaves no gap; it never fills the gap of another measure.
    """

    currency: str
    cost: Decimal | None
    secured: Decimal
    applied: Decimal
    planned: Decimal
    gap: Decimal | None

    @property
    def funded(self) -> Decimal:
        """Return what is paid for or planned."""
        return self.secured + self.applied + self.planned

    @property
    def surplus(self) -> Decimal:
        """Return by how much the funding exceeds the cost."""
        return ZERO if self.cost is None else max(self.funded - self.cost, ZERO)

    @property
    def gap_percent(self) -> int | None:
        """Return the gap as a rounded share of the cost."""
        if not self.cost or self.gap is None:
            return None
        return round(self.gap * 100 / self.cost)

    def text(self, amount: Decimal | None) -> str:
        """Return an amount in this currency, in words."""
        return money(amount, self.currency)

    @property
    def sentence(self) -> str:
        """Return the whole as a sentence, for those who do not see the bar."""
        parts = [
            _("Secured %(amount)s") % {"amount": self.text(self.secured)},
            _("applied for %(amount)s") % {"amount": self.text(self.applied)},
            _("planned %(amount)s") % {"amount": self.text(self.planned)},
        ]
        if self.gap is not None:
            parts.append(_("gap %(amount)s") % {"amount": self.text(self.gap)})
        return ", ".join(parts)


def money_of(currency: str, cost: Decimal | None, lines: list[tuple[str, Decimal]]) -> Money:
    """Return the money of one measure from its cost and its (status, amount) lines."""
    sums = dict.fromkeys(FundingStatus.values, ZERO)
    for status, amount in lines:
        sums[status] += amount
    funded = sum(sums.values(), ZERO)
    return Money(
        currency=currency,
        cost=cost,
        secured=sums[FundingStatus.SECURED],
        applied=sums[FundingStatus.APPLIED],
        planned=sums[FundingStatus.PLANNED],
        gap=None if cost is None else max(cost - funded, ZERO),
    )


@dataclass(frozen=True)
class MeasureRow:
    """A measure in a list, with its money and what a review would ask for."""

    measure: Measure
    money: Money
    missing: list[str]

    @property
    def sdgs(self) -> list[tuple[str, str]]:
        """Return number and title of the Sustainable Development Goals it serves."""
        return [
            (goal.code, goal.title)
            for goal in self.measure.goals.all()
            if goal.framework == GoalFramework.SDG
        ]

    @property
    def tone(self) -> str:
        """Return the tone of its state, for components/status.html."""
        if self.missing:
            return "warning"
        return {
            MeasureStatus.AGREED: "success",
            MeasureStatus.DONE: "success",
            MeasureStatus.DELAYED: "warning",
            MeasureStatus.DROPPED: "",
            MeasureStatus.NOT_STARTED: "",
        }.get(MeasureStatus(self.measure.status), "progress")

    @property
    def label(self) -> str:
        """Return its state in words."""
        if self.missing and self.measure.status == MeasureStatus.DRAFT:
            return _("Incomplete")
        return str(self.measure.get_status_display())


def missing_for_review(measure: Measure, funding: list[FundingLine]) -> list[str]:
    """Return what a review would ask for, as short sentences; none of it keeps from saving."""
    checks = [
        (measure.problem, _("The problem it solves is missing.")),
        (measure.description, _("What is done, how and where is missing.")),
        (measure.lead_body, _("The lead body is missing.")),
        (measure.start_date and measure.end_date, _("Start or end is missing.")),
        (measure.cost_total is not None, _("The estimated cost is missing.")),
        (not measure.cost_total or funding, _("Nobody pays yet: name a source.")),
        (
            measure.kind != MeasureKind.PILOT or measure.viability_note,
            _("Economic viability is missing."),
        ),
    ]
    return [sentence for given, sentence in checks if not given]


def measures_of(plan: Plan) -> "QuerySet[Measure]":
    """Return a plan's measures with all their rows."""
    return (
        _listed(plan)
        .select_related("objective", "saved_by")
        .prefetch_related("indicators", "risks")
    )


def _listed(plan: Plan) -> "QuerySet[Measure]":
    """Return a plan's measures with what a list shows of them."""
    return plan.measures.prefetch_related("funding", "goals")


def measure_row(measure: Measure) -> MeasureRow:
    """Return one prefetched measure with its money and gaps."""
    lines = list(measure.funding.all())
    return MeasureRow(
        measure=measure,
        money=money_of(
            measure.currency,
            measure.cost_total,
            [(line.status, line.amount) for line in lines],
        ),
        missing=missing_for_review(measure, lines),
    )


def measure_rows(plan: Plan) -> list[MeasureRow]:
    """Return a plan's measures by objective; always three queries."""
    return [measure_row(measure) for measure in _listed(plan)]


def fitting(
    rows: list[MeasureRow], *, search: str = "", kind: str = "", only_gap: bool = False
) -> list[MeasureRow]:
    """Return those of the rows that fit the filters."""
    wanted = search_words(search)
    return [
        row
        for row in rows
        if all(word in fold(str(row.measure)) for word in wanted)
        and (not kind or row.measure.kind == kind)
        and (not only_gap or row.money.gap)
    ]


def totals(rows: list[MeasureRow]) -> list[Money]:
    """Return the sums of the measures, one per currency: no rate is invented."""
    by_currency: dict[str, list[Money]] = {}
    for row in rows:
        by_currency.setdefault(row.money.currency, []).append(row.money)
    return [
        Money(
            currency=currency,
            cost=sum((each.cost or ZERO for each in several), ZERO),
            secured=sum((each.secured for each in several), ZERO),
            applied=sum((each.applied for each in several), ZERO),
            planned=sum((each.planned for each in several), ZERO),
            gap=sum((each.gap or ZERO for each in several), ZERO),
        )
        for currency, several in sorted(by_currency.items())
    ]
