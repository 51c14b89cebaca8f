"""From an optimal flow to a match, with and without rules outside the network."""

from pairings.matching.engine.instance import Instance
from pairings.matching.engine.milp import solve_milp
from pairings.matching.engine.optimum import Certificate, Optimum
from pairings.matching.engine.report import Pair, Solution
from pairings.matching.engine.table import Pairs, ScoreTable, all_pairs

# Up to this many pairs the general solver gets all of them.
MILP_PAIRS = 400_000


def from_network(instance: Instance, table: ScoreTable, optimum: Optimum) -> Solution:
    """Return the match of the flow, which proves itself."""
    pairs = named(instance, table, optimum.chosen)
    total = sum(pair.score for pair in pairs)
    certificate = Certificate(
        bound=total if optimum.proved else None,
        gap=0 if optimum.proved else None,
        priced=optimum.priced,
        rounds=optimum.rounds,
        note="" if optimum.proved else "Pricing did not end; better pairs may be left out.",
        potentials=optimum.flow.potentials(instance) if optimum.proved else None,
    )
    return Solution(instance, table, pairs, optimum.proved, certificate)


def solve_outside(
    instance: Instance, table: ScoreTable, relaxed: Optimum, seconds: float
) -> Solution:
    """Solve with the rules outside the network; without them `relaxed` is a bound."""
    n, m = table.shape
    whole = n * m <= MILP_PAIRS
    pairs = all_pairs(table) if whole else relaxed.pairs
    answer = solve_milp(instance, pairs, seconds=seconds)
    chosen = pairs.at(answer.chosen)
    match = named(instance, table, chosen)
    total = sum(pair.score for pair in match)
    held = total - int(chosen.score.sum())
    bound: int | None = None
    if whole and answer.bound is not None:
        bound = held + answer.bound
    elif relaxed.proved and not instance.ranks_above_score:
        # A match under fewer rules is never worse: its total bounds ours.
        bound = held + int(relaxed.chosen.score.sum())
    proved = bound == total and (answer.proved or not instance.ranks_above_score)
    note = answer.note
    if not whole and not proved:
        note = f"{note}; only {len(pairs):,} candidate pairs were searched".strip("; ")
    certificate = Certificate(
        bound=bound,
        gap=None if bound is None else bound - total,
        priced=0 if whole else relaxed.priced,
        rounds=relaxed.rounds,
        note=note,
    )
    return Solution(instance, table, match, proved, certificate)


def named(instance: Instance, table: ScoreTable, chosen: Pairs) -> list[Pair]:
    """Return chosen pairs, and the locked ones among them, by id."""
    columns = chosen.left.tolist(), chosen.right.tolist(), chosen.score.tolist()
    rows = [(i, j, score, False) for i, j, score in zip(*columns, strict=True)]
    rows += [(i, j, table.score_of(i, j), True) for i, j in instance.locked]
    left, right = instance.left, instance.right
    return [Pair(left[i].id, right[j].id, score, held) for i, j, score, held in sorted(rows)]
