"""The best match as one weight moves: exact, on scores that are not rounded to whole points.

With all other weights as they are, a match is worth `level + weight · slope`: a line. The best
match of some kind is the upper hull of such lines, so it never lies below a line of its own, and
between two steps never above their chord. That proves a whole stretch from few solutions.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt

from pairings.matching.engine.instance import IntArray, missing_units
from pairings.matching.engine.objective import Objective
from pairings.matching.engine.optimum import SMALL, optimise
from pairings.matching.engine.session import Session
from pairings.matching.engine.table import Pairs
from pairings.matching.engine.weights import TERMS

# The sum of the weights in steps, and a term of 1 in parts.
STEPS, PARTS = 10_000, 10_000

Index = tuple[int, int]


@dataclass(frozen=True)
class Line:
    """What a match is worth at a step of the weight, and by how much that rises with each."""

    at: int
    value: int
    slope: int

    def __call__(self, step: int) -> int:
        """Return the value at a step."""
        return self.value + self.slope * (step - self.at)


# Best match with a pair, and best match without it, as lines at a step.
Lines = Callable[[int], tuple[Line, Line]]


class Tilted:
    """One term of an instance whose weight moves: `now` and `rest` count in steps.

    `value` of a line is what the match is worth to the engine, each aim above the next; it moves
    by whole numbers, so nothing is lost.
    """

    def __init__(self, session: Session, term: str, most_times: int) -> None:
        self._session, self._instance = session, session.instance
        self.step = sum(self._instance.weights.values()) / STEPS
        steps = {name: self._steps(name) for name in TERMS}
        self.now = steps[term]
        rest = sum(steps.values()) - self.now
        self.most = max(self.now, most_times * rest)
        self._aim = self._objective(PARTS * (rest + self.most))
        n, m = session.table.shape
        self._level, self._slope = np.zeros((2, n, m), dtype=np.int64)
        scorer = session.table.scorer
        assert scorer is not None  # noqa: S101 - nothing is weighed where scores are given
        for name, values in zip(TERMS, scorer.terms(0, n), strict=True):
            parts = np.rint(values.astype(np.float64) * PARTS).astype(np.int64)
            if name == term:
                self._slope += parts
            else:
                self._level += parts * steps[name]
        self._allowed = np.concatenate([rows >= 0 for _, rows in session.table.blocks()])
        self.match = cache(self._match)

    def lines(self, step: int, pair: Index) -> tuple[Line, Line]:
        """Return the best match with a pair, and the best without it."""
        best = self.match(step)
        if pair in best:
            return self._line(step, best), self._line(step, self.match(step, without=pair))
        return self._line(step, self.match(step, forced=pair)), self._line(step, best)

    def weight(self, step: int) -> float:
        """Return a step as a weight, in the units of the instance."""
        return round(step * self.step, 6)

    def _steps(self, name: str) -> int:
        weight = self._instance.weights[name]
        return max(1, round(weight / self.step)) if weight else 0

    def _objective(self, largest: int) -> Objective:
        """Return factors for every step; with equal points more pairs are not better here."""
        sides = (self._instance.left_capacity, self._instance.right_capacity)
        most = int(min(side.sum() for side in sides)) + 1
        per_pair = largest * most + 1 if self._instance.pairs_first else 0
        return Objective(1, per_pair, (largest + per_pair) * most + 1)

    def _line(self, step: int, match: frozenset[Index]) -> Line:
        left, right = np.array(sorted(match), dtype=np.int64).reshape(-1, 2).T
        slope = int(self._slope[left, right].sum())
        points = int(self._level[left, right].sum()) + step * slope
        missing = missing_units(self._instance, match)
        value = points + self._aim.per_pair * len(match) - self._aim.per_minimum * missing
        return Line(step, value, slope)

    def _match(
        self, step: int, forced: Index | None = None, without: Index | None = None
    ) -> frozenset[Index]:
        """Return a best match at a step, with one pair forced or left out."""
        instance, allowed = self._instance, self._allowed
        if forced is not None:
            instance = replace(instance, locked=instance.locked | {forced})
        taken = forced or without
        if taken is not None:
            allowed = allowed.copy()
            allowed[taken] = False
        scores = np.where(allowed, self._level + step * self._slope, -1)
        left, right = np.nonzero(allowed & self._begin)
        begin = Pairs(left, right, scores[left, right])
        found = optimise(instance, _Dense(scores), begin, objective=self._aim).chosen
        pairs = zip(found.left.tolist(), found.right.tolist(), strict=True)
        return frozenset(pairs) | instance.locked

    @cached_property
    def _begin(self) -> npt.NDArray[np.bool_]:
        """Where a solution begins: everywhere, or near the session's own."""
        if self._allowed.size <= SMALL:
            return self._allowed
        begin = np.zeros_like(self._allowed)
        near = self._session.near().pairs
        begin[near.left, near.right] = True
        return begin


class _Dense:
    """Scores at hand, as the solver reads them."""

    def __init__(self, scores: IntArray) -> None:
        self._scores, self.shape = scores, scores.shape

    def blocks(self, _title: str = "") -> Iterator[tuple[int, IntArray]]:
        """Yield all in one block; the reader may write in it."""
        yield 0, self._scores.copy()

    def allowed(self, start: int, stop: int) -> IntArray:
        """Return some rows."""
        return self._scores[start:stop]

    def report(self, title: str, share: float) -> None:
        """Say nothing: there are many of these."""


def last_kept(lines: Lines, start: int, end: int) -> int | None:
    """Return the last step on the way at which the pair is in a best match; None: to the end.

    Towards either side. At `start` the pair must be in a best match.
    """
    way = 1 if end > start else -1
    left = _first_lost(lines, start, end, way) if start != end else None
    return None if left is None else left - way


def _first_lost(lines: Lines, start: int, end: int, way: int) -> int | None:
    """Return the first step after `start` at which every best match is without the pair."""
    (with_start, _), (with_end, without_end) = lines(start), lines(end)
    lost = with_end.value < without_end.value
    if abs(end - start) == 1:
        return end if lost else None
    if not lost and _is_kept_between(lines, start, end, way):
        return None
    # Where the match of the start would be overtaken is the best guess.
    middle = _crossing(with_start, without_end if lost else with_end, start, end)
    if lines(middle)[0].value < lines(middle)[1].value:
        return _first_lost(lines, start, middle, way)
    found = _first_lost(lines, start, middle, way)
    return _first_lost(lines, middle, end, way) if found is None else found


def _is_kept_between(lines: Lines, start: int, end: int, way: int) -> bool:
    """Return whether the pair is proved to be in a best match at every step between.

    What the matches of both ends are worth is a bound from below; the chord of the best
    matches without the pair is one from above.
    """
    (with_start, without_start), (with_end, without_end) = lines(start), lines(end)
    middle = _crossing(with_start, with_end, start, end)

    def is_above(line: Line, step: int) -> bool:
        above = (line(step) - without_start.value) * (end - start)
        return (above - (without_end.value - without_start.value) * (step - start)) * way >= 0

    after = middle + way
    return is_above(with_start, middle) and (after == end or is_above(with_end, after))


def _crossing(one: Line, other: Line, start: int, end: int) -> int:
    """Return the step between where the first line falls to the other, or the one in the middle."""
    inside = sorted((start, end))
    low, high = inside[0] + 1, inside[1] - 1
    if one.slope == other.slope:
        return (low + high) // 2
    exact = Fraction(other(0) - one(0), one.slope - other.slope)
    step = math.floor(exact) if end > start else math.ceil(exact)
    return min(max(step, low), high)
