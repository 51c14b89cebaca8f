"""Writes on objectives and measures."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from action_plans.models import (
    FundingLine,
    Indicator,
    Measure,
    Objective,
    Plan,
    Risk,
)
from action_plans.services.common import lock_plan
from action_plans.states import (
    CityScope,
    Currency,
    MeasureKind,
    MeasureStatus,
)
from core.kit import days
from core.kit.errors import InvalidError, WrongStateError
from core.kit.rows import still_there
from core.kit.writes import require_version
from core.trail.services import record_event
from programme.calls.services import next_reference
from programme.models import Goal

MOST_OBJECTIVES = 20


@dataclass(frozen=True)
class MeasureData:
    """All that is typed about a measure; indicators, funding and risks as rows of values."""

    title: str
    objective: Objective
    kind: str = MeasureKind.ACTION
    city_scope: str = CityScope.OWN
    problem: str = ""
    description: str = ""
    inspiration: str = ""
    target_groups: str = ""
    lead_body: str = ""
    partners: str = ""
    start_date: dt.date | None = None
    end_date: dt.date | None = None
    outputs: str = ""
    currency: str = Currency.EUR
    cost_total: Decimal | None = None
    viability_note: str = ""
    ghg_reduction: Decimal | None = None
    energy_saved: Decimal | None = None
    renewable_produced: Decimal | None = None
    status: str = MeasureStatus.DRAFT
    progress_percent: int = 0
    is_public: bool = False
    goals: list[Goal] = field(default_factory=list)
    indicators: list[dict[str, Any]] = field(default_factory=list)
    funding: list[dict[str, Any]] = field(default_factory=list)
    risks: list[dict[str, Any]] = field(default_factory=list)


_PARTS: dict[str, Any] = {
    "indicators": Indicator,
    "funding": FundingLine,
    "risks": Risk,
}


@transaction.atomic
def add_objective(*, plan: Plan, title: str, by: User | None) -> Objective:
    """Add a strategic objective at the end."""
    plan = lock_plan(plan, by=by)
    if plan.objectives.count() >= MOST_OBJECTIVES:
        raise InvalidError(
            _("A plan has at most %(most)s objectives. Change one of them instead.")
            % {"most": MOST_OBJECTIVES},
            field="title",
        )
    last = plan.objectives.aggregate(last=Max("number"))["last"] or 0
    objective = Objective.objects.create(plan=plan, number=last + 1, title=title)
    record_event(
        verb="plan.objective_saved",
        target=plan,
        by=by,
        details={"objective": str(objective)},
    )
    return objective


@transaction.atomic
def rename_objective(*, objective: Objective, title: str, by: User | None) -> Objective:
    """Change the words of an objective; its number stays."""
    plan = lock_plan(objective.plan, by=by)
    objective = still_there(plan.objectives.all(), objective.pk)
    if objective.title == title:
        return objective
    objective.title = title
    objective.save(update_fields=["title"])
    record_event(
        verb="plan.objective_saved",
        target=plan,
        by=by,
        details={"objective": str(objective)},
    )
    return objective


@transaction.atomic
def remove_objective(*, objective: Objective, by: User | None) -> None:
    """Remove an objective; WrongStateError while measures serve it."""
    plan = lock_plan(objective.plan, by=by)
    objective = still_there(plan.objectives.all(), objective.pk)
    codes = list(objective.measures.values_list("code", flat=True))
    if codes:
        raise WrongStateError(
            _(
                "Measures serve this objective: %(codes)s. Give them another objective "
                "first, then remove this one."
            )
            % {"codes": ", ".join(codes)}
        )
    label = str(objective)
    objective.delete()
    record_event(
        verb="plan.objective_removed",
        target=plan,
        by=by,
        details={"objective": label},
    )


def _next_code(plan: Plan, objective: Objective) -> str:
    """Give out A<objective>.<n>; a removed measure's code is never given again."""
    reference = next_reference(prefix=f"plan-{plan.pk}-{objective.number}")
    return f"A{objective.number}.{int(reference.rsplit('-', 1)[1])}"


def _check(plan: Plan, data: MeasureData) -> None:
    if data.objective.plan_id != plan.pk:
        raise InvalidError(
            _("This objective belongs to another plan. Choose one of the list."),
            field="objective",
        )
    if data.start_date and data.end_date and data.end_date < data.start_date:
        raise InvalidError(
            _("The end lies before the start. Correct one of the two dates."),
            field="end_date",
        )


@transaction.atomic
def save_measure(
    *,
    plan: Plan,
    measure: Measure | None,
    data: MeasureData,
    read_version: int,
    by: User | None,
) -> Measure:
    """Add a measure, or save one that was read at `read_version`.

    StaleError, with the stored measure as `current`, when another save came first.
    InvalidError for an end before the start or an objective of another plan. What a
    review needs (e.g. the viability of a pilot project) is not asked here.
    """
    plan = lock_plan(plan, by=by)
    _check(plan, data)
    if measure is None:
        measure = Measure(plan=plan, code=_next_code(plan, data.objective), version=0)
    else:
        measure = still_there(plan.measures.select_related("saved_by"), measure.pk)
        require_version(
            measure.version,
            read_version,
            current=measure,
            otherwise=_(
                "This measure was saved while you were writing. What you typed is still here: "
                "compare, then save again."
            ),
        )
    values = {
        name: value for name, value in vars(data).items() if name not in _PARTS and name != "goals"
    }
    for name, value in values.items():
        setattr(measure, name, value)
    measure.version += 1
    measure.saved_at = days.now()
    measure.saved_by = by
    measure.save()
    measure.goals.set(data.goals)
    for name, model in _PARTS.items():
        # The rows have no life of their own: what was sent is what there is.
        getattr(measure, name).all().delete()
        model.objects.bulk_create([model(measure=measure, **row) for row in getattr(data, name)])
    record_event(
        verb="plan.measure_saved",
        target=plan,
        by=by,
        details={"measure": str(measure), "version": measure.version},
    )
    return measure


@transaction.atomic
def remove_measure(*, measure: Measure, by: User | None) -> None:
    """Remove a measure with its indicators, funding and risks; its code is not given again."""
    plan = lock_plan(measure.plan, by=by)
    measure = still_there(plan.measures.all(), measure.pk)
    label = str(measure)
    measure.delete()
    record_event(verb="plan.measure_removed", target=plan, by=by, details={"measure": label})
