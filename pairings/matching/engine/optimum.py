"""The best match, proved over all pairs and not only over candidates.

Column generation (Dantzig and Wolfe, "Decomposition principle for linear programs",
Operations Research 8, 1960): solve over few candidates, price every other allowed pair
with the prices found, add those that would improve, repeat. When none would, the prices
prove the optimum for all pairs.
"""

from dataclasses import dataclass, replace

import numpy as np

from pairings.matching.engine.instance import Instance
from pairings.matching.engine.network import Flow, Network, Objective, Rules
from pairings.matching.engine.table import Pairs, ScoreTable, all_pairs, candidates

# Up to this many pairs all are candidates.
SMALL = 60_000
PER_ROW, PER_COLUMN = 40, 10
# The most violators one row adds in a round.
ADDED_PER_ROW = 20
MOST_ROUNDS = 60


@dataclass(frozen=True)
class Certificate:
    """What is proved. `bound` and `gap` in points of total score; None: not proved.

    `priced` counts the allowed pairs outside the candidates that the last prices were held
    against. `rounds` counts solutions of the network.
    """

    bound: int | None
    gap: int | None
    priced: int
    rounds: int
    note: str = ""


@dataclass(frozen=True)
class Optimum:
    """An optimal flow over candidates that is optimal over all pairs when `proved`."""

    flow: Flow
    pairs: Pairs
    chosen: Pairs
    proved: bool
    priced: int
    rounds: int


def choose_candidates(table: ScoreTable) -> Pairs:
    """Return the pairs to begin with."""
    n, m = table.shape
    if n * m <= SMALL:
        return all_pairs(table)
    return candidates(table, per_row=PER_ROW, per_column=PER_COLUMN)


def optimise(instance: Instance, table: ScoreTable, begin: Pairs) -> Optimum:
    """Solve over `begin`, add what improves, until nothing does."""
    rules, objective = Rules.of(instance), Objective.of(instance)
    pairs = begin
    columns = table.shape[1]
    for rounds in range(1, MOST_ROUNDS + 1):
        table.report("Solving", rounds / (rounds + 1))
        flow = Network(rules, pairs, objective).solve()
        better, priced = price(table, flow)
        if not len(better):
            break
        pairs = pairs.union(better, columns)
    chosen = flow.chosen
    used = flow.network.pairs
    picked = Pairs(used.left[chosen], used.right[chosen], used.score[chosen])
    # The dual bound is computed from the prices alone: a second, independent proof.
    proved = not len(better) and flow.dual_bound() == flow.worth
    return Optimum(flow, used, picked, proved, priced, rounds)


def price(table: ScoreTable, flow: Flow) -> tuple[Pairs, int]:
    """Hold every allowed pair outside the network against the prices.

    Returns the pairs of negative reduced cost, at most ADDED_PER_ROW a row, the worst
    first, and how many pairs were priced.
    """
    net = flow.network
    left_price, right_price = flow.pair_prices
    inside = _Inside(net.pairs, table.shape[1])
    left, right, score = [], [], []
    priced = 0
    for start, rows in table.blocks("Proving"):
        rows[inside.rows(start, len(rows))] = -1
        allowed = rows >= 0
        priced += int(allowed.sum())
        gain = net.objective.weight(rows.astype(np.int64))
        gain -= left_price[start : start + len(rows), None]
        gain += right_price
        gain[~allowed] = 0
        hit = np.flatnonzero((gain > 0).any(axis=1))
        for k in hit.tolist():
            columns = np.flatnonzero(gain[k] > 0)
            # A stable order by gain, ties by index.
            columns = columns[np.argsort(-gain[k, columns], kind="stable")][:ADDED_PER_ROW]
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


def without(pairs: Pairs, table: ScoreTable) -> Pairs:
    """Return the pairs that the table still allows; for candidates kept from before a change."""
    keep = np.ones(len(pairs), dtype=bool)
    bounds = np.searchsorted(pairs.left, np.arange(0, table.shape[0] + table.block, table.block))
    for k, (start, rows) in enumerate(table.blocks()):
        part = slice(bounds[k], bounds[k + 1])
        keep[part] = rows[pairs.left[part] - start, pairs.right[part]] >= 0
    return replace(pairs, left=pairs.left[keep], right=pairs.right[keep], score=pairs.score[keep])
