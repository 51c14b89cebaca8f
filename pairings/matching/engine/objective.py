"""What a match is worth: one whole number that keeps aims of different rank apart."""

from dataclasses import dataclass
from typing import Any

from pairings.matching.engine.instance import Instance
from pairings.matching.engine.weights import MAX_SCORE


@dataclass(frozen=True)
class Objective:
    """One whole number that orders solutions: minimums, then pairs and score.

    A pair is worth `per_point * score + per_pair`, a unit of a minimum `per_minimum`.
    With pairs first a pair outweighs all points together; else it only breaks ties, in
    favour of more pairs.
    """

    per_point: int
    per_pair: int
    per_minimum: int

    @classmethod
    def of(cls, instance: Instance) -> "Objective":
        """Choose factors so large that no lower aim can buy a higher one."""
        most = int(min(instance.left_capacity.sum(), instance.right_capacity.sum())) + 1
        per_point, per_pair = (1, MAX_SCORE * most + 1) if instance.pairs_first else (most, 1)
        return cls(per_point, per_pair, (per_point * MAX_SCORE + per_pair) * most + 1)

    def weight(self, score: Any) -> Any:
        """Return the worth of a pair, or of pairs, with such a score."""
        return score * self.per_point + self.per_pair

    def split(self, worth: int) -> tuple[int, int, int]:
        """Return a difference of worth as (minimum units, pairs, points), each signed."""
        units = _nearest(worth, self.per_minimum)
        rest = worth - units * self.per_minimum
        if self.per_pair > self.per_point:
            pairs = _nearest(rest, self.per_pair)
            return units, pairs, rest - pairs * self.per_pair
        points = _nearest(rest, self.per_point)
        return units, rest - points * self.per_point, points


def _nearest(value: int, unit: int) -> int:
    """Return the multiple of `unit` nearest to a value, as a count."""
    return (2 * value + unit) // (2 * unit)
