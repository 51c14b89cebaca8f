"""What a choice would cost: the exact regret of forcing a pair.

Forcing the unused pair (i, j) sends one more unit along i -> j and brings it back from j to
i through the residual network, at least cost: regret = reduced cost of the pair + distance
from j to i, both measured with the prices (so that no cost is negative). One Dijkstra run
on the reversed residual network gives all partners of one city (Dijkstra, "A note on two
problems in connexion with graphs", Numerische Mathematik 1, 1959; for its use as
post-optimality analysis see Ahuja, Magnanti, Orlin, "Network Flows", 1993, chapter 9).

Exactness over all pairs: a path through a pair of reduced cost r is at least r long. The
graph holds every allowed pair of reduced cost up to a limit; whatever is found within the
limit is therefore exact, and the limit grows until enough is found.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pairings.matching.engine.instance import IntArray
from pairings.matching.engine.network import Flow
from pairings.matching.engine.table import ScoreTable

# Up to this many pairs the graph holds all of them.
SMALL = 250_000
# Pairs a row that the first graph of a larger instance holds, and rows looked at to say so.
NEAR, SAMPLE = 60, 100

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Forced:
    """What forcing pairs of one left city costs, per right city, shape (m,).

    `cost` is in units of the objective; infinite where the pair cannot be forced within
    the limit. `limit` is how far the search went; infinite when it saw everything.
    """

    cost: Floats
    limit: float


class RegretGraph:
    """The reversed residual network with all allowed pairs of reduced cost <= limit."""

    def __init__(self, table: ScoreTable, flow: Flow) -> None:
        self.table, self.flow = table, flow
        net = flow.network
        self._net = net
        self._left_price, self._right_price = flow.pair_prices
        # Prices differ by at most this; no finite regret is larger.
        self.largest = float(4 * net.objective.per_minimum)
        self.first_limit = self._first_limit()
        self._graphs: dict[float, object] = {}

    def _first_limit(self) -> float:
        """Return a limit under which about NEAR pairs a row fall; only speed depends on it."""
        n, m = self.table.shape
        if n * m <= SMALL:
            return float("inf")
        sample = range(0, n, max(1, n // SAMPLE))
        near = []
        for i in sample:
            reduced, scores = self.reduced_row(i)
            allowed = reduced[scores >= 0]
            if len(allowed) > NEAR:
                near.append(max(0, int(np.partition(allowed, NEAR)[NEAR])))
        return float(np.median(near)) if near else float("inf")

    def reduced_row(self, i: int) -> tuple[IntArray, npt.NDArray[np.int16]]:
        """Return reduced costs of row i and its scores (-1: not allowed), each shape (m,)."""
        scores = self.table.allowed(i, i + 1)[0]
        reduced = (
            -self._net.objective.weight(scores.astype(np.int64))
            + self._left_price[i]
            - self._right_price
        )
        return reduced, scores

    def forced(self, i: int, *, enough: int) -> Forced:
        """Return the cost of forcing each partner of left city i, exact within the limit.

        The limit grows until at least `enough` unmatched partners are found or all is seen.
        """
        reduced, scores = self.reduced_row(i)
        matched = self._matched(i)
        open_ = scores >= 0
        open_[matched] = False
        limit = self.first_limit
        while True:
            distance = self._distances(i, limit)
            cost = np.where(open_, np.maximum(reduced, 0) + distance, np.inf)
            cost[cost > min(limit, self.largest)] = np.inf
            if np.isinf(limit) or int(np.isfinite(cost).sum()) >= enough:
                return Forced(cost, limit)
            limit = max(1.0, limit * 4)
            if limit > self.largest:
                limit = np.inf

    def _matched(self, i: int) -> IntArray:
        pairs, chosen = self._net.pairs, self.flow.chosen
        return pairs.right[chosen[pairs.left[chosen] == i]]

    def _distances(self, i: int, limit: float) -> Floats:
        """Return the least cost from every right city back to left city i."""
        from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415 - heavy, only where used

        graph = self._graph(limit)
        distance = dijkstra(graph, indices=self._net.first_left + i, limit=limit)
        first = self._net.first_right
        return np.asarray(distance[first : first + self.table.shape[1]])

    def _graph(self, limit: float) -> object:
        if limit not in self._graphs:
            self._graphs[limit] = self._build(limit)
        return self._graphs[limit]

    def _build(self, limit: float) -> object:
        from scipy.sparse import csr_array  # noqa: PLC0415 - heavy, only where used

        tail, head, cost = self.flow.residual
        price = self.flow.prices
        reduced = cost + price[tail] - price[head]
        left, right, pair_reduced = self._omitted(limit)
        tail = np.concatenate([tail, left])
        head = np.concatenate([head, right])
        reduced = np.concatenate([reduced, pair_reduced])
        # Of parallel arcs the cheapest counts. Row = head: the graph is reversed.
        order = np.lexsort((reduced, tail, head))
        tail, head, reduced = tail[order], head[order], reduced[order]
        _, first = np.unique(head * self._net.nodes + tail, return_index=True)
        tail, head, reduced = tail[first], head[first], reduced[first]
        starts = np.r_[0, np.cumsum(np.bincount(head, minlength=self._net.nodes))]
        # Explicit zeros are edges of length 0; the constructor keeps them.
        return csr_array(
            (reduced.astype(np.float64), tail.astype(np.int32), starts.astype(np.int32)),
            shape=(self._net.nodes, self._net.nodes),
        )

    def _omitted(self, limit: float) -> tuple[IntArray, IntArray, IntArray]:
        """Return tail, head and reduced cost of the allowed pairs outside the network."""
        lefts, rights, costs = [], [], []
        net = self._net
        inside = net.pairs.left * self.table.shape[1] + net.pairs.right
        for start, rows in self.table.blocks():
            reduced = -net.objective.weight(rows.astype(np.int64))
            reduced += self._left_price[start : start + len(rows), None]
            reduced -= self._right_price
            i, j = np.nonzero((rows >= 0) & (reduced <= limit))
            keep = ~np.isin((i + start) * self.table.shape[1] + j, inside)
            lefts.append(i[keep] + start)
            rights.append(j[keep])
            costs.append(reduced[i[keep], j[keep]])
        return (
            np.concatenate(lefts) + net.first_left,
            np.concatenate(rights) + net.first_right,
            np.concatenate(costs),
        )
