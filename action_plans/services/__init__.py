"""Writes on action plans."""

from action_plans.services.measures import (
    MeasureData,
    add_objective,
    remove_measure,
    remove_objective,
    rename_objective,
    save_measure,
)
from action_plans.services.plans import (
    mark_section_done,
    open_plan,
    open_plans_for,
    reopen_plan_section,
    save_section_answer,
    save_section_answers,
)

__all__ = [
    "MeasureData",
    "add_objective",
    "mark_section_done",
    "open_plan",
    "open_plans_for",
    "remove_measure",
    "remove_objective",
    "rename_objective",
    "reopen_plan_section",
    "save_measure",
    "save_section_answer",
    "save_section_answers",
]
