"""Every write on runs and boards."""

from pairings.matching.services.boards import change_board
from pairings.matching.services.changes import Changes
from pairings.matching.services.confirming import Confirmed, Outcome, confirm_pairs
from pairings.matching.services.fairness import work_out_fairness
from pairings.matching.services.runs import put_on_board, solve_run, start_run

__all__ = [
    "Changes",
    "Confirmed",
    "Outcome",
    "change_board",
    "confirm_pairs",
    "put_on_board",
    "solve_run",
    "start_run",
    "work_out_fairness",
]
