"""Who scores high or low beside those who read the same."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from applications.assessment.engine.points import mean


@dataclass(frozen=True)
class Leaning:
    """How far a reader lies above the others, on average over `shared` readings; below if < 0."""

    shared: int
    difference: Fraction


def leanings(given: Iterable[Mapping[int, Decimal]]) -> dict[int, Leaning]:
    """Return it by reader. Each mapping has what the readers of one thing gave it.

    Of each thing a reader is measured against the mean of its other readers; what nobody else
    has read says nothing, and who shares nothing has no leaning.
    """
    apart: dict[int, list[Fraction]] = defaultdict(list)
    for values in given:
        for reader, value in values.items():
            others = mean(other for one, other in values.items() if one != reader)
            if others is not None:
                apart[reader].append(Fraction(value) - others)
    return {
        reader: Leaning(len(found), sum(found, Fraction(0)) / len(found))
        for reader, found in apart.items()
    }
