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
from pairings.matching.engine.near import Near, reduced_rows
from pairings.matching.engine.network import Flow, Network, Rules
from pairings.matching.engine.objective import Objective
from pairings.matching.engine.table import Pairs, ScoreTable, all_pairs, among, candidates

# Up to this many pairs all are candidates.
SMALL = 60_000
PER_ROW, PER_COLUMN = 40, 10
# The most violators one row adds in a round.
ADDED_PER_ROW = 20
MOST_ROUNDS = 60


class Scored(Protocol):
    """Scores as the solver reads them: a table, or what stands for one."""

    @property
    def shape(self) -> tuple[int, int]:
        """Number of left and of right cities."""

    def blocks(self, title: str = "") -> Iterator[tuple[int, Any]]:
        """Yield (first row, scores with -1 for what is not allowed); the reader may change them."""

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
    return candidates(table, per_row=PER_ROW, per_column=PER_COLUMN)


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
        if near is None or not isinstance(table, ScoreTable):
            better, priced = price(table, flow)
        else:
            near = near.moved(table, flow)
            better, priced = price_near(near, flow)
        if not len(better):
            break
        warm = flow.prices
        pairs = pairs.union(better, table.shape[1])
    chosen = flow.network.pairs.at(flow.chosen)
    # The dual bound is computed from the prices alone: a second, independent proof.
    proved = not len(better) and flow.dual_bound() == flow.worth
    return Optimum(flow, flow.network.pairs, chosen, proved, priced, rounds, near)


def price_near(near: Near, flow: Flow) -> tuple[Pairs, int]:
    """Hold the pairs that are near against the prices; the others are known not to improve."""
    columns, used = len(near.right_price), flow.network.pairs
    worse = near.pairs.at(near.reduced(flow) < 0)
    outside = ~among(worse.keys(columns), used.keys(columns))
    return worse.at(outside), near.allowed - len(used)


def price(table: Scored, flow: Flow) -> tuple[Pairs, int]:
    """Hold every allowed pair outside the network against the prices.

    Returns the pairs of negative reduced cost, at most ADDED_PER_ROW a row, the worst
    first, and how many pairs were priced.
    """
    inside = _Inside(flow.network.pairs, table.shape[1])
    left, right, score = [], [], []
    priced = 0
    for start, rows in table.blocks("Proving"):
        rows[inside.rows(start, len(rows))] = -1
        allowed = rows >= 0
        priced += int(allowed.sum())
        reduced = reduced_rows(rows, start, flow)
        reduced[~allowed] = 0
        for k in np.flatnonzero((reduced < 0).any(axis=1)).tolist():
            columns = np.flatnonzero(reduced[k] < 0)
            # A stable order by gain, ties by index.
            columns = columns[np.argsort(reduced[k, columns], kind="stable")][:ADDED_PER_ROW]
            left.append(np.full(len(columns), start + k, dtype=np.int64))
            right.append(columns)
            score.append(rows[k, columns].astype(np.int64))
    if not left:
        empty = np.zeros(0, dtype=np.int64)
        return Pairs(empty, empty, empty), priced
    return Pairs(np.concatenate(left), np.concatenate(right), np.concatenate(score)), priced


class _Inside:
    """Which pairs are in the network, row by row."""

    def __init__(self, pairs: Pairs, columns: int) -> None:
        order = np.lexsort((pairs.right, pairs.left))
        self._left, self._right = pairs.left[order], pairs.right[order]
        self._columns = columns

    def rows(self, start: int, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the positions within a block of rows, for indexing."""
        low, high = np.searchsorted(self._left, [start, start + count])
        return self._left[low:high] - start, self._right[low:high]
