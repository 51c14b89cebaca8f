"""Reads: what the recommender is told of a call, and what its runs say."""

from pairings.matching.selectors.instance import (
    applicants_of,
    instance_data,
    missing_of,
    why_empty,
)
from pairings.matching.selectors.runs import (
    Comparison,
    board_of,
    calls_to_match,
    cities_of,
    compare,
    figures_of,
    file_of,
    run_file,
    runs_of,
    with_numbers,
)

__all__ = [
    "Comparison",
    "applicants_of",
    "board_of",
    "calls_to_match",
    "cities_of",
    "compare",
    "figures_of",
    "file_of",
    "instance_data",
    "missing_of",
    "run_file",
    "runs_of",
    "why_empty",
    "with_numbers",
]
