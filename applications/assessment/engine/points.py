"""Points on a scale, worked out to a total."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

_CENT = Decimal("0.01")


def mean(values: Iterable[Decimal]) -> Fraction | None:
    """Return the exact mean; None of nothing."""
    found = [Fraction(value) for value in values]
    return sum(found, Fraction(0)) / len(found) if found else None


def spread(values: Iterable[Decimal]) -> Decimal:
    """Return how far the highest lies above the lowest."""
    found = list(values)
    return max(found) - min(found) if found else Decimal(0)


def weighted_total(parts: Iterable[tuple[int, int, Fraction | None]]) -> Decimal | None:
    """Return the total, 0 to 100 with two decimals, of (weight, highest score, points).

    Weights count in proportion to each other. None while a criterion has no points, or where
    there is none.
    """
    share, weights = Fraction(0), 0
    for weight, highest, points in parts:
        if points is None:
            return None
        share += weight * points / highest
        weights += weight
    return rounded(100 * share / weights) if weights else None


def rounded(value: Fraction) -> Decimal:
    """Return a fraction with two decimals; halves go up, away from zero."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(_CENT, ROUND_HALF_UP)
