"""Reads on action plans."""

from action_plans.selectors.measures import (
    MeasureRow,
    Money,
    fitting,
    measure_row,
    measure_rows,
    measures_of,
    missing_for_review,
    money_of,
    totals,
)
from action_plans.selectors.plans import (
    Chapter,
    Overview,
    PlanRow,
    bare_plan_for,
    members_without_plan,
    overview,
    pairings_without_plan,
    plan_for,
    plan_rows,
    plans_of,
)

__all__ = [
    "Chapter",
    "MeasureRow",
    "Money",
    "Overview",
    "PlanRow",
    "bare_plan_for",
    "fitting",
    "measure_row",
    "measure_rows",
    "measures_of",
    "members_without_plan",
    "missing_for_review",
    "money_of",
    "overview",
    "pairings_without_plan",
    "plan_for",
    "plan_rows",
    "plans_of",
    "totals",
]
