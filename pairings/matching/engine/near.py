"""The pairs that matter near an optimum, so that a second answer needs no second look at all.

Under prices that prove an optimum every allowed pair has a reduced cost of at least 0. `Near`
holds those up to a limit; what it leaves out costs more than the limit. When a rule changes and
prices move by less than the limit, what was left out still cannot improve anything: the new
optimum is proved without scoring those pairs again.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pairings.matching.engine.instance import IntArray
from pairings.matching.engine.network import Flow
from pairings.matching.engine.objective import Objective
from pairings.matching.engine.table import Pairs, ScoreTable, among

# Up to this many pairs all are kept.
SMALL = 20_000
# Pairs a row that a larger instance keeps, and rows looked at to find the limit for it.
KEPT, SAMPLE = 60, 100
# A new solution begins with the pairs up to this part of the limit.
BEGIN = 3
# A limit is halved with every move; after so many a new look is cheaper.
MOST_MOVES = 3
# A new look at more rows than this share of them is a new look at all.
FEW_ROWS = 8


@dataclass(frozen=True)
class Near:
    """Every allowed pair whose reduced cost under the prices is at most `limit`.

    `limit` is infinite where all are held. `allowed` counts the allowed pairs of the whole
    instance. The table is the one whose rules held, `moves` how often it was moved.
    """

    pairs: Pairs
    limit: float
    left_price: IntArray
    right_price: IntArray
    objective: Objective
    table: ScoreTable
    allowed: int
    moves: int = 0

    @classmethod
    def collect(cls, table: ScoreTable, flow: Flow) -> "Near":
        """Look at every pair once."""
        left_price, right_price = flow.pair_prices
        objective = flow.network.objective
        limit = _limit(table, flow)
        parts, allowed = [], 0
        for start, rows in table.blocks():
            part, count = _within(rows, start, limit, flow)
            parts.append(part)
            allowed += count
        return cls(joined(parts), limit, left_price, right_price, objective, table, allowed)

    @classmethod
    def stored(cls, data: dict[str, Any], pairs: Pairs, flow: Flow, table: ScoreTable) -> "Near":
        """Return what `as_json` wrote, its pairs read already, under the prices of a flow."""
        limit = float("inf") if data["limit"] is None else float(data["limit"])
        left_price, right_price = flow.pair_prices
        objective = flow.network.objective
        return cls(pairs, limit, left_price, right_price, objective, table, int(data["allowed"]))

    def moved(self, table: ScoreTable, flow: Flow) -> "Near":
        """Return the same under other prices and rules of the same scores and objective."""
        left_price, right_price = flow.pair_prices
        opened, closed = self.table.out - table.out, table.out - self.table.out
        limit = self.limit / 2
        rise = int((right_price - self.right_price).max())
        margin = self.limit + (left_price - self.left_price) - rise
        again = np.union1d(np.flatnonzero(margin < limit), [i for i, _ in opened]).astype(np.int64)
        too_many = len(again) * FEW_ROWS > table.shape[0]
        if too_many or self.moves == MOST_MOVES or table.min_score != self.table.min_score:
            return Near.collect(table, flow)
        parts = [table.keeps(self.pairs.at(~among(self.pairs.left, again)))]
        parts += [_within(table.allowed(i, i + 1), i, limit, flow)[0] for i in again.tolist()]
        least = max(0, table.min_score)
        allowed = self.allowed + sum(
            sign * (table.score_of(i, j) >= least)
            for sign, pairs in ((1, opened), (-1, closed))
            for i, j in pairs
        )
        return replace(
            self,
            pairs=joined(parts),
            limit=limit,
            left_price=left_price,
            right_price=right_price,
            table=table,
            allowed=allowed,
            moves=self.moves + (limit < self.limit),
        )

    def reduced(self, flow: Flow) -> IntArray:
        """Return the reduced costs of the pairs under the prices of a flow."""
        return reduced_costs(self.pairs, *flow.pair_prices, self.objective)

    def closest(self) -> Pairs:
        """Return pairs enough to begin a new solution with."""
        if np.isinf(self.limit):
            return self.pairs
        reduced = reduced_costs(self.pairs, self.left_price, self.right_price, self.objective)
        return self.pairs.at(reduced <= self.limit / BEGIN)

    def row(self, i: int) -> Pairs:
        """Return the pairs of one left city."""
        low, high = np.searchsorted(self.pairs.left, [i, i + 1])
        return self.pairs.at(np.arange(low, high))

    def as_json(self) -> dict[str, Any]:
        """Return limit, count and, how many pairs each left city has, in order of id, then all."""
        return {
            "limit": None if np.isinf(self.limit) else int(self.limit),
            "allowed": self.allowed,
            "counts": np.bincount(self.pairs.left, minlength=self.table.shape[0]).tolist(),
            "right": self.pairs.right.tolist(),
            "score": self.pairs.score.tolist(),
        }


def pairs_of(data: dict[str, Any]) -> Pairs:
    """Return the pairs of what `Near.as_json` wrote."""
    counts = data["counts"]
    return Pairs(
        np.repeat(np.arange(len(counts), dtype=np.int64), counts),
        np.array(data["right"], dtype=np.int64),
        np.array(data["score"], dtype=np.int64),
    )


def reduced_costs(
    pairs: Pairs, left_price: IntArray, right_price: IntArray, objective: Objective
) -> IntArray:
    """Return the reduced costs of pairs."""
    return left_price[pairs.left] - right_price[pairs.right] - objective.weight(pairs.score)


def reduced_rows(rows: np.ndarray, start: int, flow: Flow) -> IntArray:
    """Return the reduced costs of a block of rows."""
    left_price, right_price = flow.pair_prices
    reduced = -flow.network.objective.weight(rows.astype(np.int64))
    reduced += left_price[start : start + len(rows), None]
    reduced -= right_price
    return reduced


def _within(rows: np.ndarray, start: int, limit: float, flow: Flow) -> tuple[Pairs, int]:
    """Return the allowed pairs of a block up to a limit, and how many are allowed at all."""
    allowed = rows >= 0
    i, j = np.nonzero(allowed & (reduced_rows(rows, start, flow) <= limit))
    return Pairs(i + start, j, rows[i, j].astype(np.int64)), int(allowed.sum())


def _limit(table: ScoreTable, flow: Flow) -> float:
    """Return a limit under which about KEPT pairs a row fall; only speed depends on it."""
    n, m = table.shape
    if n * m <= SMALL:
        return float("inf")
    near = []
    for i in range(0, n, max(1, n // SAMPLE)):
        scores = table.allowed(i, i + 1)
        costs = reduced_rows(scores, i, flow)[scores >= 0]
        if len(costs) > KEPT:
            near.append(max(0, int(np.partition(costs, KEPT)[KEPT])))
    return float(int(np.median(near))) if near else float("inf")


def joined(parts: list[Pairs]) -> Pairs:
    """Return pairs of several parts, sorted by left, then right."""
    left, right, score = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("left", "right", "score")
    )
    order = np.lexsort((right, left))
    return Pairs(left[order], right[order], score[order])
