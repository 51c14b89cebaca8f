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
from pairings.matching.engine.near import Near, joined, reduced_costs, reduced_rows
from pairings.matching.engine.network import Flow
from pairings.matching.engine.table import Pairs, ScoreTable, among

Floats = npt.NDArray[np.float64]
Indexes = set[tuple[int, int]]


@dataclass(frozen=True)
class Forced:
    """What forcing unmatched pairs of one left city costs, for each of `pairs`.

    `cost` is in units of the objective; infinite where the pair cannot be forced within
    the limit. `limit` is how far the search went; infinite when it saw everything.
    """

    pairs: Pairs
    cost: Floats
    limit: float


class RegretGraph:
    """The reversed residual network with all allowed pairs of reduced cost <= limit."""

    def __init__(self, table: ScoreTable, flow: Flow, near: Near) -> None:
        self.table, self.flow, self.near = table, flow, near
        self._net = flow.network
        # Prices differ by at most this; no finite regret is larger.
        self.largest = float(6 * self._net.objective.per_minimum)
        self._graphs: dict[float, object] = {}

    def forced(self, i: int, *, enough: int) -> Forced:
        """Return the cost of forcing each partner of left city i, exact within the limit.

        The limit grows until at least `enough` unmatched partners are found or all is seen.
        """
        limit = self.near.limit
        while True:
            pairs, reduced = self._row(i, limit)
            cost = np.maximum(reduced, 0) + self._distances(i, limit)[pairs.right]
            cost[cost > min(limit, self.largest)] = np.inf
            if np.isinf(limit) or int(np.isfinite(cost).sum()) >= enough:
                return Forced(pairs, cost, limit)
            limit = self._more(limit)

    def swap(self, i: int, j: int) -> tuple[Indexes, Indexes]:
        """Return the pairs that come and those that go when (i, j) is forced at least cost.

        Both without (i, j) itself. ValueError where the pair cannot be forced.
        """
        limit = self.near.limit
        while True:
            distance, before = self._paths(i, limit)
            start, end = self._net.first_right + j, self._net.first_left + i
            if np.isinf(limit) or distance[start] <= min(limit, self.largest):
                break
            limit = self._more(limit)
        if np.isinf(distance[start]):
            message = "There is no way to make room for this pair."
            raise ValueError(message)
        comes: Indexes = set()
        goes: Indexes = set()
        node = start
        while node != end:
            # The graph is reversed: what came before a node there follows it here.
            after = int(before[node])
            if self._is_left(node) and self._is_right(after):
                comes.add((node - self._net.first_left, after - self._net.first_right))
            elif self._is_right(node) and self._is_left(after):
                goes.add((after - self._net.first_left, node - self._net.first_right))
            node = after
        return comes, goes

    def _more(self, limit: float) -> float:
        larger = max(1.0, limit * 4)
        return larger if larger <= self.largest else np.inf

    def _is_left(self, node: int) -> bool:
        return self._net.first_left <= node < self._net.first_right

    def _is_right(self, node: int) -> bool:
        return self._net.first_right <= node < self._net.first_right + self.table.shape[1]

    def _row(self, i: int, limit: float) -> tuple[Pairs, IntArray]:
        """Return the unmatched pairs of row i within the limit, with their reduced costs."""
        if limit <= self.near.limit:
            pairs = self.near.row(i)
        else:
            scores = self.table.allowed(i, i + 1)
            reduced = reduced_rows(scores, i, self.flow)
            columns = np.flatnonzero((scores[0] >= 0) & (reduced[0] <= limit))
            pairs = Pairs(np.full(len(columns), i), columns, scores[0, columns].astype(np.int64))
        used, chosen = self._net.pairs, self.flow.chosen
        matched = used.right[chosen[used.left[chosen] == i]]
        pairs = pairs.at(~np.isin(pairs.right, matched))
        return pairs, reduced_costs(pairs, *self.flow.pair_prices, self._net.objective)

    def _distances(self, i: int, limit: float) -> Floats:
        """Return the least cost from every right city back to left city i."""
        distance, _ = self._paths(i, limit, told=False)
        first = self._net.first_right
        return distance[first : first + self.table.shape[1]]

    def _paths(self, i: int, limit: float, *, told: bool = True) -> tuple[Floats, IntArray]:
        """Return the least cost of every node back to left city i, and its next node there."""
        from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415 - heavy, only where used

        found = dijkstra(
            self._graph(limit),
            indices=self._net.first_left + i,
            limit=limit,
            return_predecessors=told,
        )
        return found if told else (found, np.zeros(0, dtype=np.int64))

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
        order = self._cheapest(tail, head, reduced)
        # Row = head: the graph is reversed. Explicit zeros are edges of length 0.
        return csr_array(
            (
                reduced[order].astype(np.float64),
                (head[order].astype(np.int32), tail[order].astype(np.int32)),
            ),
            shape=(self._net.nodes, self._net.nodes),
        )

    def _cheapest(self, tail: IntArray, head: IntArray, reduced: IntArray) -> IntArray:
        """Return the positions of the arcs, of parallel ones the cheapest; pairs have none."""
        first, last = self._net.first_left, self._net.first_right + self.table.shape[1]
        between = (np.minimum(tail, head) >= first) & (np.maximum(tail, head) < last)
        others = np.flatnonzero(~between)
        key = head[others] * self._net.nodes + tail[others]
        order = np.lexsort((reduced[others], key))
        single = order[np.diff(key[order], prepend=-1) != 0]
        return np.concatenate([np.flatnonzero(between), others[single]])

    def _omitted(self, limit: float) -> tuple[IntArray, IntArray, IntArray]:
        """Return tail, head and reduced cost of the allowed pairs outside the network."""
        net = self._net
        if limit <= self.near.limit:
            pairs = self.near.pairs
        else:
            parts = []
            for start, rows in self.table.blocks():
                i, j = np.nonzero((rows >= 0) & (reduced_rows(rows, start, self.flow) <= limit))
                parts.append(Pairs(i + start, j, rows[i, j].astype(np.int64)))
            pairs = joined(parts)
        columns = self.table.shape[1]
        pairs = pairs.at(~among(pairs.keys(columns), net.pairs.keys(columns)))
        reduced = reduced_costs(pairs, *self.flow.pair_prices, net.objective)
        return net.first_left + pairs.left, net.first_right + pairs.right, reduced
