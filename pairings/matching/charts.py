"""What is drawn of runs: places and lengths of the shapes, in the units of their drawing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# Of a hundred units, between two parts of a bar.
GAP = 0.4
# Of the row of points, one for each pair.
POINT = 12
MOST_POINTS = 60


# How the style sheet calls the terms whose own names are no words of it.
CLASSES = {"needs_offers": "needs-offers"}


def class_of(term: str) -> str:
    """Return by what word the style sheet colours a term: `term-<word>`."""
    return CLASSES.get(term, term)


@dataclass(frozen=True)
class Part:
    """A part of a bar that is a hundred units long; `name` is that of its colour."""

    name: str
    x: float
    width: float


def parts_of(shares: Mapping[str, float]) -> list[Part]:
    """Return the parts of a bar, one for each share; a share of nothing has none."""
    parts, begin = [], 0.0
    for term, share in shares.items():
        if share > GAP:
            parts.append(Part(class_of(term), round(begin, 2), round(share - GAP, 2)))
        begin += share
    return parts


@dataclass(frozen=True)
class Points:
    """Pairs as points in a row, those that changed apart; None where they are too many to see."""

    marks: Sequence[tuple[int, bool]]
    width: int


def points_of(changed: int, total: int) -> Points | None:
    """Return a point for each pair, the changed ones last."""
    if not 0 < total <= MOST_POINTS:
        return None
    changed = min(changed, total)
    marks = [(POINT * k + POINT // 2, k >= total - changed) for k in range(total)]
    return Points(marks, POINT * total)
