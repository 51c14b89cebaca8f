"""A solved match as JSON, so that any process can ask it and solve it again at once."""

from typing import Any

import numpy as np

from pairings.matching.engine.instance import Instance, MatchingInputError
from pairings.matching.engine.near import Near, pairs_of
from pairings.matching.engine.network import Network, Rules, prices_of
from pairings.matching.engine.objective import Objective
from pairings.matching.engine.optimum import Certificate, Optimum
from pairings.matching.engine.outside import from_network, named
from pairings.matching.engine.report import Solution
from pairings.matching.engine.table import Pairs, ScoreTable, among


def potentials_of(solution: Solution, optimum: Optimum, near: Near) -> dict[str, Any]:
    """Return prices, match and near pairs; indexes count the cities in order of their ids."""
    instance, outside = solution.instance, None
    if instance.needs_milp:
        found = [[i, j, score] for i, j, score in solution.chosen if (i, j) not in instance.locked]
        certificate = {**vars(solution.certificate)}
        outside = {"pairs": found, "optimal": solution.optimal, "certificate": certificate}
    return {
        "prices": optimum.flow.potentials(instance),
        "chosen": np.stack([optimum.chosen.left, optimum.chosen.right], axis=1).tolist(),
        "near": near.as_json(),
        "priced": optimum.priced,
        "proved": optimum.proved,
        "outside": outside,
    }


def restored(
    instance: Instance, table: ScoreTable, potentials: dict[str, Any]
) -> tuple[Solution, Optimum]:
    """Return what `potentials_of` was told; MatchingInputError where it is of another instance."""
    try:
        optimum = _optimum(instance, table, potentials)
        outside = potentials["outside"]
        if outside is None:
            return from_network(instance, table, optimum), optimum
        rows = np.array(outside["pairs"], dtype=np.int64).reshape(-1, 3)
        pairs = named(instance, table, Pairs(*rows.T))
        certificate = Certificate(**outside["certificate"])
        return Solution(instance, table, pairs, bool(outside["optimal"]), certificate), optimum
    except (KeyError, TypeError, ValueError, IndexError, RuntimeError) as error:
        raise MatchingInputError("potentials", "They are not of this instance.") from error


def _optimum(instance: Instance, table: ScoreTable, potentials: dict[str, Any]) -> Optimum:
    pairs = pairs_of(potentials["near"])
    network = Network(Rules.of(instance), pairs, Objective.of(instance))
    table.remember(pairs)
    columns = table.shape[1]
    chosen = np.array(potentials["chosen"], dtype=np.int64).reshape(-1, 2) @ [columns, 1]
    at = np.flatnonzero(among(pairs.keys(columns), np.sort(chosen)))
    prices = prices_of(potentials["prices"], instance)
    flow = network.carrying(at, prices)
    # Prices that prove the flow need no step of Bellman-Ford.
    if len(at) != len(chosen) or not np.array_equal(flow.prices, prices):
        message = "The match is not among the pairs, or the prices do not prove it."
        raise ValueError(message)
    near = Near.stored(potentials["near"], pairs, flow, table)
    proved, priced = bool(potentials["proved"]), int(potentials["priced"])
    return Optimum(flow, pairs, pairs.at(at), proved, priced, 0, near)
