"""Reads on applications: facts for the eligibility rules, what is missing, lists."""

from applications.selectors.facts import (
    UNDER_CHECK,
    call_rules,
    eligibility_of,
    facts_of,
    municipalities_of,
    released_reasons,
    rulings_of,
)
from applications.selectors.lists import (
    SORTS,
    TO_CHECK,
    applications_of,
    assessors_for,
    counts_by_status,
    narrowed,
    organisations_that_may_apply,
    search,
    sent_applications,
    to_check,
    visible_call,
    with_export_columns,
    with_list_columns,
)
from applications.selectors.recipients import recipients_of
from applications.selectors.records import (
    decision_told,
    decisions_of,
    eligibility_decision,
    standing_decision,
    submission_of,
)
from applications.selectors.tasks import Task, tasks_of

__all__ = [
    "SORTS",
    "TO_CHECK",
    "UNDER_CHECK",
    "Task",
    "applications_of",
    "assessors_for",
    "call_rules",
    "counts_by_status",
    "decision_told",
    "decisions_of",
    "eligibility_decision",
    "eligibility_of",
    "facts_of",
    "municipalities_of",
    "narrowed",
    "organisations_that_may_apply",
    "recipients_of",
    "released_reasons",
    "rulings_of",
    "search",
    "sent_applications",
    "standing_decision",
    "submission_of",
    "tasks_of",
    "to_check",
    "visible_call",
    "with_export_columns",
    "with_list_columns",
]
