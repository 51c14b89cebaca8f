"""Reads of the assessment."""

from applications.assessment.selectors.results import (
    OfCriterion,
    Result,
    free_assignments,
    result_of,
    results_of,
)

__all__ = ["OfCriterion", "Result", "free_assignments", "result_of", "results_of"]
