"""The best match, proved over all pairs and not only over candidates.

Column generation (Dantzig and Wolfe, "Decomposition principle for linear programs",
Operations Research 8, 1960): solve over few candidates, price every other allowed pair
with the prices found, add those that would improve, repeat. When none would, the prices
prove the optimum for all pairs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from pairings.matching.engine.instance import Instance, IntArray
from pairings.matching.engine.near import SAMPLE, Near, joined, reduced_costs, reduced_rows
from pairings.matching.engine.network import Flow, Network, Rules
from pairings.matching.engine.objective import Objective
from pairings.matching.engine.table import Pairs, ScoreTable, all_pairs, among, candidates

# Up to this many pairs all are candidates.
SMALL = 60_000
PER_ROW = 20
# Pairs of a row in the second network, and the most that one row adds in a round.
CLOSE, MOST_PER_ROW = 8, 40
MOST_ROUNDS = 60


class Scored(Protocol):
    """Scores as the solver reads them: a table, or what stands for one."""

    @property
    def shape(self) -> tuple[int, int]:
        """Number of left and of right cities."""

    def blocks(self, title: str = "") -> Iterator[tuple[int, Any]]:
        """Yield (first row, scores with -1 for what is not allowed); the reader may change them."""

    def allowed(self, start: int, stop: int) -> Any:
        """Return some rows as `blocks` has them."""

    def report(self, title: str, share: float) -> None:
        """Tell how far a step is, 0…1."""


@dataclass(frozen=True)
class Certificate:
    """What is proved. `bound` and `gap` in points of total score; None: not proved.

    `priced` counts the allowed pairs outside the candidates that the last prices were held
    against. `rounds` counts solutions of the network. `potentials` are the prices that prove it
    (`Flow.potentials`), None where the proof is not theirs alone.
    """

    bound: int | None
    gap: int | None
    priced: int
    rounds: int
    note: str = ""
    potentials: dict[str, Any] | None = None


@dataclass(frozen=True)
class Optimum:
    """An optimal flow over candidates that is optimal over all pairs when `proved`.

    `near` holds under its prices, where one was needed to find it.
    """

    flow: Flow
    pairs: Pairs
    chosen: Pairs
    proved: bool
    priced: int
    rounds: int
    near: Near | None = None


def choose_candidates(table: ScoreTable) -> Pairs:
    """Return the pairs to begin with."""
    n, m = table.shape
    if n * m <= SMALL:
        return all_pairs(table)
    # Of a longer row more, though few of them: their number grows slower than the row.
    return candidates(table, per_row=round(PER_ROW * max(1, m / 1_000) ** 0.3))


def optimise(
    instance: Instance,
    table: Scored,
    begin: Pairs,
    *,
    near: Near | None = None,
    warm: IntArray | None = None,
    objective: Objective | None = None,
) -> Optimum:
    """Solve over `begin`, add what improves, until nothing does.

    `near` and `warm` (the prices) are of an optimum of the same scores under other rules: with
    them not every pair needs a second look.
    """
    rules, objective = Rules.of(instance), objective or Objective.of(instance)
    if near is not None and near.objective != objective:
        near = None
    pairs = begin
    for rounds in range(1, MOST_ROUNDS + 1):
        table.report("Solving", rounds / (rounds + 1))
        flow = Network(rules, pairs, objective).solve(warm)
        slack = 0
        if near is None or not isinstance(table, ScoreTable):
            # The first prices show what matters: all else is left out of the next network.
            slack = _slack(table, flow) if rounds == 1 else 0
            better, worse, priced = price(table, flow, slack)
        else:
            near = near.moved(table, flow)
            better, priced = price_near(near, flow)
            worse = len(better)
        if not worse:
            break
        warm = flow.prices
        pairs = better if slack else pairs.union(better, table.shape[1])
    chosen = flow.network.pairs.at(flow.chosen)
    # The dual bound is computed from the prices alone: a second, independent proof.
    proved = not worse and flow.dual_bound() == flow.worth
    return Optimum(flow, flow.network.pairs, chosen, proved, priced, rounds, near)


def price_near(near: Near, flow: Flow) -> tuple[Pairs, int]:
    """Hold the pairs that are near against the prices; the others are known not to improve."""
    columns, used = len(near.right_price), flow.network.pairs
    worse = near.pairs.at(near.reduced(flow) < 0)
    outside = ~among(worse.keys(columns), used.keys(columns))
    return worse.at(outside), near.allowed - len(used)


def price(table: Scored, flow: Flow, slack: int = 0) -> tuple[Pairs, int, int]:
    """Hold every allowed pair outside the network against the prices.

    Returns the pairs of negative reduced cost outside (with a slack: all whose reduced cost is
    below it), at most MOST_PER_ROW a row, the worst first; how many are negative and outside; and
    how many pairs were priced.
    """
    columns = table.shape[1]
    inside = flow.network.pairs.keys(columns)
    parts, allowed, worse = [], 0, 0
    for start, rows in table.blocks("Proving"):
        allowed += int(np.count_nonzero(rows >= 0))
        i, j = _maybe_below(rows, start, flow, slack)
        pairs = Pairs(i + start, j, rows[i, j].astype(np.int64))
        reduced = reduced_costs(pairs, *flow.pair_prices, flow.network.objective)
        outside = (reduced < 0) & ~among(pairs.keys(columns), inside)
        worse += int(np.count_nonzero(outside))
        keep = reduced < slack if slack else outside
        parts.append(_worst_of_rows(pairs.at(keep), reduced[keep]))
    return joined(parts), worse, allowed - len(inside)


def _slack(table: Scored, flow: Flow) -> int:
    """Return a reduced cost that about CLOSE pairs a row stay below; 0 where all are inside."""
    n, m = table.shape
    if n * m <= SMALL:
        return 0
    found = []
    for i in range(0, n, max(1, n // SAMPLE)):
        rows = table.allowed(i, i + 1)
        reduced = reduced_rows(rows, i, flow)[rows >= 0]
        if len(reduced) > CLOSE:
            found.append(int(np.partition(reduced, CLOSE)[CLOSE]))
    return max(0, int(np.median(found))) if found else 0


def _maybe_below(rows: Any, start: int, flow: Flow, slack: int) -> tuple[IntArray, IntArray]:
    """Return the cells of a block whose reduced cost can be below a slack, few others with them.

    In whole points, prices rounded away from each other, numbers as small as they come.
    """
    objective = flow.network.objective
    left_price, right_price = flow.pair_prices
    point = objective.per_point
    most = -(-(right_price + objective.per_pair) // point)
    least = (left_price[start : start + len(rows)] - slack) // point
    reach = int(max(np.abs(most).max(), np.abs(least).max())) + int(rows.max(initial=0))
    whole: Any = np.int32 if reach < np.iinfo(np.int32).max else np.int64
    gain = rows.astype(whole)
    gain += most.astype(whole)
    return np.divmod(
        np.flatnonzero((gain > least.astype(whole)[:, None]) & (rows >= 0)), rows.shape[1]
    )


def _worst_of_rows(pairs: Pairs, reduced: IntArray) -> Pairs:
    """Return the pairs of lowest reduced cost of each row, ties by index."""
    order = np.lexsort((pairs.right, reduced, pairs.left))
    left = pairs.left[order]
    rank = np.arange(len(left)) - np.searchsorted(left, left)
    return pairs.at(order[rank < MOST_PER_ROW])
