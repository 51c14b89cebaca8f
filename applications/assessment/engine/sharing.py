"""Who reads what: a flow of least cost, and the prices that prove it.

    source -> application -> assessor -> sink,   application -> sink

An application sends as many units as it still needs readers; where nobody is free for one, it
goes straight to the sink, at a cost that outweighs all else. The n-th reading of an assessor
costs 2n - 1, so that the loads cost the sum of their squares: least when they are as even as the
links allow, within one where nothing stands in the way. Among those, what readers know decides.

The optimum comes from OR-tools, as in the matching. The prices (node potentials) come from
Bellman-Ford on the residual graph: they exist exactly if no better flow does.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

Pair = tuple[int, int]  # (application, reader)
# What a reader can know of one application at most.
MOST_KNOWN = 5


@dataclass(frozen=True)
class Task:
    """What is to be shared out; applications and readers are named by their ids.

    `known` says how much a reader knows of an application, 0 to MOST_KNOWN; what is missing is 0.
    `locked` stays as it is, `kept_away` is never given.
    """

    needed: Mapping[int, int]
    readers: Collection[int]
    known: Mapping[Pair, int]
    locked: frozenset[Pair] = frozenset()
    kept_away: frozenset[Pair] = frozenset()


@dataclass(frozen=True)
class Sharing:
    """Who reads what, and what it comes to."""

    pairs: frozenset[Pair]
    missing: Mapping[int, int]
    loads: Mapping[int, int]
    is_proved: bool

    @property
    def apart(self) -> int:
        """Return how far the largest load lies above the smallest."""
        return max(self.loads.values(), default=0) - min(self.loads.values(), default=0)


@dataclass(frozen=True)
class _Arc:
    tail: int
    head: int
    cost: int
    pair: Pair | None = None


def share(task: Task) -> Sharing:
    """Return the best sharing: nobody missing, then even, then by knowledge."""
    arcs, supplies, missing_arcs = _network(task)
    flows = _solve(arcs, supplies)
    pairs = set(task.locked)
    missing: Counter[int] = Counter()
    for arc, flow in zip(arcs, flows, strict=True):
        if flow and arc.pair:
            pairs.add(arc.pair)
    for place, application in missing_arcs.items():
        if flows[place]:
            missing[application] += 1
    loads = Counter(dict.fromkeys(task.readers, 0))
    loads.update(reader for _application, reader in pairs)
    return Sharing(frozenset(pairs), dict(missing), dict(loads), _has_prices(arcs, flows))


def _network(task: Task) -> tuple[list[_Arc], dict[int, int], dict[int, int]]:
    """Return arcs of one unit each, the supply of each node, and which arcs leave a reader out."""
    held: Counter[int] = Counter(reader for _application, reader in task.locked)
    has: Counter[int] = Counter(application for application, _reader in task.locked)
    left = {one: max(0, number - has[one]) for one, number in task.needed.items()}
    number_of = {one: place for place, one in enumerate(left)}
    reader_of = {one: len(number_of) + place for place, one in enumerate(task.readers)}
    sink = len(number_of) + len(reader_of)
    units = sum(left.values())
    # One step of evenness outweighs all knowledge, one missing reader all evenness.
    even = MOST_KNOWN * units + 1
    absent = even * (2 * (units + max(held.values(), default=0)) + 1) * (units + 1)
    arcs, missing = [], {}
    open_to: dict[int, int] = defaultdict(int)
    for one, place in number_of.items():
        for reader, node in reader_of.items():
            pair = (one, reader)
            if left[one] and pair not in task.locked and pair not in task.kept_away:
                cost = MOST_KNOWN - task.known.get(pair, 0)
                arcs.append(_Arc(place, node, cost, pair))
                open_to[reader] += 1
        for _unit in range(left[one]):
            missing[len(arcs)] = one
            arcs.append(_Arc(place, sink, absent))
    # No load of the best sharing needs more than all that is open to its reader.
    for reader, node in reader_of.items():
        arcs += [
            _Arc(node, sink, even * (2 * (held[reader] + step) + 1))
            for step in range(open_to[reader])
        ]
    supplies = {place: left[one] for one, place in number_of.items()} | {sink: -units}
    return arcs, supplies, missing


def _solve(arcs: list[_Arc], supplies: Mapping[int, int]) -> list[int]:
    from ortools.graph.python import min_cost_flow  # noqa: PLC0415 - heavy, only where used

    solver = min_cost_flow.SimpleMinCostFlow()
    for arc in arcs:
        solver.add_arc_with_capacity_and_unit_cost(arc.tail, arc.head, 1, arc.cost)
    for node, supply in supplies.items():
        solver.set_node_supply(node, supply)
    status = solver.solve()
    if status != solver.OPTIMAL:
        message = f"The flow is not optimal: {status}."
        raise RuntimeError(message)
    return [int(solver.flow(place)) for place in range(len(arcs))]


def _has_prices(arcs: list[_Arc], flows: list[int]) -> bool:
    """Tell whether no cycle of the residual graph lowers the cost: then the flow is the best."""
    steps = [
        (arc.head, arc.tail, -arc.cost) if flow else (arc.tail, arc.head, arc.cost)
        for arc, flow in zip(arcs, flows, strict=True)
    ]
    nodes = {node for arc in arcs for node in (arc.tail, arc.head)}
    price = dict.fromkeys(nodes, 0)
    for _round in range(len(nodes) + 1):
        changed = False
        for tail, head, cost in steps:
            if price[tail] + cost < price[head]:
                price[head] = price[tail] + cost
                changed = True
        if not changed:
            return True
    return False
