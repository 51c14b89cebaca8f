"""Every write on runs and boards."""

from pairings.matching.services.changes import Changes
from pairings.matching.services.fairness import work_out_fairness
from pairings.matching.services.runs import put_on_board, solve_run, start_run

__all__ = ["Changes", "put_on_board", "solve_run", "start_run", "work_out_fairness"]
