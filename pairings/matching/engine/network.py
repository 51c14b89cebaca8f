"""The match as a flow of least cost, its optimum and the prices that prove it.

    source -> country -> left city -> right city -> country -> sink,   source -> sink

Arcs carry capacities (a pair: 1) and costs (a pair: minus its weight). A minimum is a
second, parallel arc with a bonus so large that a unit of it outweighs every score. The
bypass source -> sink lets a city stay unpaired at no cost; where a least number of pairs is
asked for, as much of it costs the same bonus.

The optimum comes from OR-tools' cost-scaling push-relabel method (Goldberg, "An efficient
implementation of a scaling minimum-cost flow algorithm", J. Algorithms 22, 1997). The
prices (node potentials) come from Bellman-Ford on the residual graph (Ahuja, Magnanti,
Orlin, "Network Flows", 1993, chapters 5 and 9): they exist exactly if the flow is optimal.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from pairings.matching.engine.instance import Instance, IntArray, Quota
from pairings.matching.engine.objective import Objective
from pairings.matching.engine.table import Pairs


@dataclass(frozen=True)
class Rules:
    """What is left to decide once the locked pairs are taken out of the instance."""

    left_capacity: IntArray
    right_capacity: IntArray
    left_countries: tuple[str, ...]
    right_countries: tuple[str, ...]
    left_country: IntArray
    right_country: IntArray
    left_bounds: IntArray
    right_bounds: IntArray
    min_pairs: int

    @classmethod
    def of(cls, instance: Instance) -> "Rules":
        """Take the locked pairs out; bounds have the columns minimum and maximum."""
        left, right = instance.left_capacity, instance.right_capacity
        for i, j in instance.locked:
            left[i] -= 1
            right[j] -= 1
        left_names = tuple(sorted({city.country for city in instance.left}))
        right_names = tuple(sorted({city.country for city in instance.right}))
        left_country = _positions([city.country for city in instance.left], left_names)
        right_country = _positions([city.country for city in instance.right], right_names)
        held_left = [left_country[i] for i, _ in instance.locked]
        held_right = [right_country[j] for _, j in instance.locked]
        return cls(
            left,
            right,
            left_names,
            right_names,
            left_country,
            right_country,
            _bounds(instance.left_quotas, left_names, left, left_country, held_left),
            _bounds(instance.right_quotas, right_names, right, right_country, held_right),
            min(max(0, instance.min_pairs - len(instance.locked)), int(left.sum())),
        )


class Network:
    """The flow network over a set of candidate pairs.

    Nodes: source 0, left countries, left cities, right cities, right countries, sink.
    Arcs: fixed ones first, then one per pair, in the order of `pairs`.
    """

    def __init__(self, rules: Rules, pairs: Pairs, objective: Objective) -> None:
        self.rules, self.pairs, self.objective = rules, pairs, objective
        n, m = len(rules.left_capacity), len(rules.right_capacity)
        e, c = len(rules.left_countries), len(rules.right_countries)
        self.first_left = 1 + e
        self.first_right = self.first_left + n
        first_country = self.first_right + m
        self.sink = first_country + c
        self.nodes = self.sink + 1
        self.supply = int(rules.left_capacity.sum())
        countries, partners = 1 + np.arange(e), first_country + np.arange(c)
        low, high = rules.left_bounds.T, rules.right_bounds.T
        bonus = -objective.per_minimum
        bypass = np.zeros(1), np.full(1, self.sink)
        arcs = [
            (np.zeros(e), countries, low[0], bonus),
            (np.zeros(e), countries, low[1] - low[0], 0),
            (1 + rules.left_country, self.first_left + np.arange(n), rules.left_capacity, 0),
            (
                self.first_right + np.arange(m),
                first_country + rules.right_country,
                rules.right_capacity,
                0,
            ),
            (partners, np.full(c, self.sink), high[0], bonus),
            (partners, np.full(c, self.sink), high[1] - high[0], 0),
            (*bypass, np.full(1, self.supply - rules.min_pairs), 0),
            (*bypass, np.full(1, rules.min_pairs), -bonus),
        ]
        self.fixed = sum(len(tail) for tail, _, _, _ in arcs)
        arcs.append(
            (self.first_left + pairs.left, self.first_right + pairs.right, np.ones(len(pairs)), 0)
        )
        self.tail, self.head, self.capacity = (
            np.concatenate([arc[k] for arc in arcs]).astype(np.int64) for k in range(3)
        )
        self.cost = np.concatenate(
            [np.full(len(tail), cost, dtype=np.int64) for tail, _, _, cost in arcs]
        )
        self.cost[self.fixed :] = -objective.weight(pairs.score)

    def solve(self, warm: IntArray | None = None) -> "Flow":
        """Return the flow of least cost; deterministic for the same arcs in the same order.

        The search for its prices begins at `warm`, so that they stay where nothing changed.
        """
        from ortools.graph.python import min_cost_flow  # noqa: PLC0415 - heavy, only where used

        solver = min_cost_flow.SimpleMinCostFlow()
        # Arcs without capacity would still set the scale of the costs, and so the pace.
        open_ = np.flatnonzero(self.capacity)
        arcs = solver.add_arcs_with_capacity_and_unit_cost(
            self.tail[open_], self.head[open_], self.capacity[open_], self.cost[open_]
        )
        solver.set_nodes_supplies(
            np.array([0, self.sink]), np.array([self.supply, -self.supply], dtype=np.int64)
        )
        status = solver.solve()
        if status != solver.OPTIMAL:
            message = f"The flow solver answered {status}."
            raise RuntimeError(message)
        flow = np.zeros(len(self.capacity), dtype=np.int64)
        flow[open_] = solver.flows(arcs)
        return Flow(self, flow, warm)

    def carrying(self, chosen: IntArray, prices: IntArray) -> "Flow":
        """Return the flow that carries the pairs at some positions, with prices to begin at."""
        rules, pairs = self.rules, self.pairs.at(chosen)
        left = np.bincount(pairs.left, minlength=len(rules.left_capacity))
        right = np.bincount(pairs.right, minlength=len(rules.right_capacity))
        flows = [left, right]
        for country, bounds in (
            (rules.left_country[pairs.left], rules.left_bounds),
            (rules.right_country[pairs.right], rules.right_bounds),
        ):
            held = np.bincount(country, minlength=len(bounds))
            counted = np.minimum(held, bounds[:, 0])
            flows += [counted, held - counted]
        alone = self.supply - len(pairs)
        free = min(alone, self.supply - rules.min_pairs)
        used = np.zeros(len(self.pairs), dtype=np.int64)
        used[chosen] = 1
        order = [flows[2], flows[3], flows[0], flows[1], flows[4], flows[5]]
        flow = np.concatenate([*order, [free, alone - free], used]).astype(np.int64)
        return Flow(self, flow, prices)


class Flow:
    """An optimal flow with its prices."""

    def __init__(self, network: Network, flow: IntArray, warm: IntArray | None = None) -> None:
        self.network, self.flow = network, flow
        self._warm = np.zeros(network.nodes, dtype=np.int64) if warm is None else warm

    @property
    def chosen(self) -> IntArray:
        """Positions in `network.pairs` of the pairs that carry flow."""
        return np.flatnonzero(self.flow[self.network.fixed :])

    @property
    def worth(self) -> int:
        """The objective's value, without the locked pairs."""
        return -int(self.flow @ self.network.cost)

    @cached_property
    def residual(self) -> tuple[IntArray, IntArray, IntArray]:
        """Tail, head and cost of the arcs along which flow can still change."""
        net = self.network
        more, less = self.flow < net.capacity, self.flow > 0
        return (
            np.concatenate([net.tail[more], net.head[less]]),
            np.concatenate([net.head[more], net.tail[less]]),
            np.concatenate([net.cost[more], -net.cost[less]]),
        )

    @cached_property
    def prices(self) -> IntArray:
        """Potentials p with cost + p[tail] - p[head] >= 0 on every residual arc.

        Bellman-Ford from a virtual root (or from given prices): all arcs that leave a node whose
        price has fallen, at once. RuntimeError if the flow is not optimal, which would be a
        fault of the solver.
        """
        tail, head, cost = self.residual
        price = self._warm.copy()
        order = np.argsort(tail, kind="stable")
        tail, head, cost = tail[order], head[order], cost[order]
        first = np.searchsorted(tail, np.arange(self.network.nodes + 1))
        fallen = np.unique(tail[cost + price[tail] < price[head]])
        for _ in range(self.network.nodes + 2):
            if not len(fallen):
                return price
            arcs = _ranges(first[fallen], first[fallen + 1])
            before = price.copy()
            np.minimum.at(price, head[arcs], price[tail[arcs]] + cost[arcs])
            fallen = np.flatnonzero(price != before)
        message = "The flow has a negative cycle: it is not optimal."
        raise RuntimeError(message)

    @cached_property
    def pair_prices(self) -> tuple[IntArray, IntArray]:
        """Prices of the left and of the right cities."""
        net = self.network
        return (
            self.prices[net.first_left : net.first_right],
            self.prices[net.first_right : net.first_right + len(net.rules.right_capacity)],
        )

    def potentials(self, instance: Instance) -> dict[str, Any]:
        """Return the prices by name, as JSON takes them; `source` and `sink` are numbers."""
        net, price = self.network, self.prices.tolist()
        rules = net.rules
        left, right = net.first_left, net.first_right
        last = right + len(instance.right)
        return {
            "source": price[0],
            "left_country": dict(zip(rules.left_countries, price[1:left], strict=True)),
            "left": {c.id: p for c, p in zip(instance.left, price[left:right], strict=True)},
            "right": {c.id: p for c, p in zip(instance.right, price[right:last], strict=True)},
            "right_country": dict(zip(rules.right_countries, price[last:-1], strict=True)),
            "sink": price[-1],
        }

    def dual_bound(self) -> int:
        """Return the bound on the worth that the prices prove over the network's own arcs.

        Weak duality: for any prices p the worth of any flow is at most
        supply * (p[source] - p[sink]) + sum over arcs of capacity * max(0, -reduced cost).
        """
        net, price = self.network, self.prices
        reduced = net.cost + price[net.tail] - price[net.head]
        gain = int(net.capacity @ np.maximum(0, -reduced))
        return net.supply * int(price[0] - price[net.sink]) + gain


def prices_of(potentials: dict[str, Any], instance: Instance) -> IntArray:
    """Return the prices that `Flow.potentials` wrote, in the order of the nodes."""
    order = [potentials["source"]]
    for name, cities in (
        ("left_country", sorted({city.country for city in instance.left})),
        ("left", [city.id for city in instance.left]),
        ("right", [city.id for city in instance.right]),
        ("right_country", sorted({city.country for city in instance.right})),
    ):
        order += [potentials[name][city] for city in cities]
    return np.array([*order, potentials["sink"]], dtype=np.int64)


def _ranges(starts: IntArray, stops: IntArray) -> IntArray:
    """Return the numbers of several ranges, one after another."""
    counts = stops - starts
    ends = np.cumsum(counts)
    return np.arange(ends[-1]) + np.repeat(starts - ends + counts, counts)


def _positions(countries: list[str], names: tuple[str, ...]) -> IntArray:
    at = {name: k for k, name in enumerate(names)}
    return np.array([at[country] for country in countries], dtype=np.int64)


def _bounds(
    quotas: dict[str, Quota],
    names: tuple[str, ...],
    capacity: IntArray,
    country: IntArray,
    held: list[int],
) -> IntArray:
    """Return minimum and maximum per country after the locked pairs, shape (countries, 2)."""
    room = np.bincount(country, capacity, len(names)).astype(np.int64)
    taken = np.bincount(np.array(held, dtype=np.int64), minlength=len(names))
    bounds = np.stack([np.zeros(len(names), dtype=np.int64), room], axis=1)
    for k, name in enumerate(names):
        quota = quotas.get(name)
        if quota is not None:
            if quota.maximum is not None:
                bounds[k, 1] = min(room[k], quota.maximum - taken[k])
            bounds[k, 0] = min(max(0, quota.minimum - taken[k]), bounds[k, 1])
    return bounds
