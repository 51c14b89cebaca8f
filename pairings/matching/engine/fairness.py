"""How fair a match is, and how firm: the curve of total and worst-off, the reach of a weight."""

from copy import copy
from dataclasses import dataclass, replace
from functools import cache

from pairings.matching.engine.instance import MatchingInputError
from pairings.matching.engine.session import Session
from pairings.matching.engine.tilting import Line, Tilted, last_kept
from pairings.matching.engine.weights import TERMS

# A weight is followed up to this many times the sum of the others: a share of nine tenths.
MOST_TIMES = 9
MOST_POINTS = 40
# Above so many possible pairs the matrices of the terms would not fit.
MOST_PAIRS = 4_000_000


@dataclass(frozen=True)
class Point:
    """The best match in which no pair that is not locked scores below `bound`.

    `worst` is the lowest score of such a pair, of the two cities named; None where all are
    locked. `held` is how many pairs it must hold, so that nobody is lifted by being left out.
    A run with `bound` as its `min_score` and `held` as its `min_pairs` is this match.
    """

    bound: int
    total: int
    pairs: int
    worst: int | None
    worst_left: str
    worst_right: str
    held: int
    proved: bool


def curve(session: Session, most: int = MOST_POINTS) -> list[Point]:
    """Return matches of which none can be bettered in total and for the worst-off at once.

    From the session's own match on, `worst` rises and `total` falls. Every match holds as many
    pairs as the first, and misses no minimum by more. Complete, unless there are more than
    `most` points: then as many of them, evenly, the first and the last included.
    """
    first = session.solve()
    rules = session.instance
    held = max(rules.min_pairs, len(first.pairs))
    missing = sum(rule.missing for rule in first.unmet)
    other = copy(session)
    points: list[Point] = []
    bound = rules.min_score
    while True:
        other.use(replace(rules, min_score=bound, min_pairs=held))
        solution = other.solve()
        if sum(rule.missing for rule in solution.unmet) > missing:
            break
        free = [pair for pair in solution.pairs if not pair.locked]
        worst = min(free, key=lambda pair: (pair.score, pair.left, pair.right), default=None)
        point = Point(
            bound=bound,
            total=solution.total_score,
            pairs=len(solution.pairs),
            worst=worst.score if worst else None,
            worst_left=worst.left if worst else "",
            worst_right=worst.right if worst else "",
            held=held,
            proved=solution.optimal,
        )
        # The one before gave no more in total, and less to its worst-off.
        while points and points[-1].total <= point.total:
            points.pop()
        points.append(point)
        if worst is None:
            break
        bound = worst.score + 1
    return _evenly(points, most)


def weight_interval(
    session: Session, left: str, right: str
) -> dict[str, tuple[float, float | None]]:
    """Return how far each weight may move, the others as they are, before a pair changes.

    Weights move in steps of a ten-thousandth of their sum, and scores are not rounded to whole
    points. From the lower to the upper end the pair stands in a best match at every step; one
    step outside it stands in none. The upper end is None where it stays however heavy the weight
    becomes (up to nine tenths of all). Allowed pairs stay those of the run. Empty for given scores;
    MatchingInputError for a pair that is not in the match or under rules outside the network.
    """
    return weight_intervals(session, [(left, right)])[left, right]


def weight_intervals(
    session: Session, pairs: list[tuple[str, str]]
) -> dict[tuple[str, str], dict[str, tuple[float, float | None]]]:
    """Return the same for several pairs, which share much of the work."""
    solution = session.solve()
    chosen = {(pair.left, pair.right): pair.locked for pair in solution.pairs}
    n, m = session.table.shape
    if session.instance.needs_milp or n * m > MOST_PAIRS:
        message = "With rules outside the network, or so many pairs, the reach is not known."
        raise MatchingInputError("weights", message)
    for left, right in pairs:
        if (left, right) not in chosen:
            raise MatchingInputError("", f"{left} and {right} are not in the match.")
    found: dict[tuple[str, str], dict[str, tuple[float, float | None]]]
    found = {pair: {} for pair in pairs}
    if session.table.scorer is None:
        return found
    for done, term in enumerate(TERMS, start=1):
        tilted = Tilted(session, term, MOST_TIMES)
        for pair in pairs:
            found[pair][term] = (
                (0.0, None) if chosen[pair] else _interval(tilted, session.indexes(*pair))
            )
        session.table.report("Moving weights", done / len(TERMS))
    return found


def _interval(tilted: Tilted, pair: tuple[int, int]) -> tuple[float, float | None]:
    """Return the ends of the reach of one weight for one pair."""

    def lines(step: int) -> tuple[Line, Line]:
        return tilted.lines(step, pair)

    with_pair, without = lines(tilted.now)
    if with_pair.value < without.value:
        # It stands by rounding to whole points alone.
        return tilted.weight(tilted.now), tilted.weight(tilted.now)
    low, high = (last_kept(cache(lines), tilted.now, end) for end in (0, tilted.most))
    return tilted.weight(low or 0), None if high is None else tilted.weight(high)


def _evenly(points: list[Point], most: int) -> list[Point]:
    if len(points) <= most:
        return points
    last = len(points) - 1
    return [points[round(k * last / (most - 1))] for k in range(most)]
