"""What is drawn of runs: places and lengths of the shapes, in the units of their drawing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from programme.map import Point, View, arc, box_around, project

# Of a hundred units, between two parts of a bar.
GAP = 0.4
# Of the row of points, one for each pair.
POINT = 12
MOST_POINTS = 60
# Of the map beside the pairs.
MAP_WIDTH, MAP_HEIGHT = 320.0, 190.0

# Latitude and longitude.
Place = tuple[float, float]


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
class Mark:
    """A point of the curve where it is drawn."""

    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Tick:
    """A line of the grid, and the number that it stands for."""

    at: float
    number: int


@dataclass(frozen=True)
class Curve:
    """Total against the worst-off: the steps as a path, its points, the lines of the grid."""

    width: int
    height: int
    marks: Sequence[Mark]
    line: str
    area: str
    rows: Sequence[Tick]
    columns: Sequence[Tick]

    @property
    def right(self) -> int:
        """Return where the drawing ends at the right."""
        return self.width - MARGIN

    @property
    def bottom(self) -> int:
        """Return where the drawing ends at the foot."""
        return self.height - FOOT


# Room for the numbers at the left, the words at the foot, and the points at all sides.
LEFT, FOOT, MARGIN = 58, 40, 26
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def name_of(place: int) -> str:
    """Return what a point of the curve is called: A to Z, then 27, 28 and so on."""
    return LETTERS[place] if place < len(LETTERS) else str(place + 1)


def curve_of(points: Sequence[tuple[int, int]], width: int, height: int) -> Curve:
    """Return the drawing of points (total, worst-off), from the highest total on."""
    x_of = _scale([total for total, _worst in points], LEFT + MARGIN, width - MARGIN)
    y_of = _scale([worst for _total, worst in points], height - FOOT - MARGIN, MARGIN)
    marks = [
        Mark(name_of(place), round(x_of(total), 1), round(y_of(worst), 1))
        for place, (total, worst) in enumerate(points)
    ]
    bottom = height - FOOT
    first = marks[0]
    steps = f"M{first.x} {bottom}V{first.y}"
    for mark in marks[1:]:
        # To the left as far as the next, and up to it.
        steps += f"H{mark.x}V{mark.y}"
    steps += f"H{LEFT}"
    return Curve(
        width=width,
        height=height,
        marks=marks,
        line=steps,
        area=f"{steps}V{bottom}H{first.x}Z",
        rows=[Tick(round(y_of(n), 1), n) for n in _round_numbers([w for _t, w in points])],
        columns=[Tick(round(x_of(n), 1), n) for n in _round_numbers([t for t, _w in points])],
    )


def _scale(numbers: Sequence[int], start: float, end: float) -> Callable[[float], float]:
    low, high = min(numbers), max(numbers)
    span = (high - low) or 1
    return lambda number: start + (end - start) * (number - low) / span


def _round_numbers(numbers: Sequence[int], most: int = 4) -> list[int]:
    """Return up to `most` round numbers between the smallest and the largest."""
    low, high = min(numbers), max(numbers)
    step = 1
    for step in (base * 10**power for power in range(9) for base in (1, 2, 5)):
        if (high - low) / step <= most:
            break
    return list(range(-(-low // step) * step, high + 1, step))


@dataclass(frozen=True)
class Reach:
    """How far a weight may move before a pair changes, on a bar of a hundred units.

    `low` and `high` are weights; `high` is None where the pair stays however heavy it becomes.
    """

    low: float
    high: float | None
    x: float
    width: float
    is_frail: bool

    @property
    def is_anywhere(self) -> bool:
        """Whether the pair stays at any weight."""
        return self.low <= 0 and self.high is None


# A reach below a tenth of the bar is one to look at.
FRAIL = 10


def reach_of(low: float, high: float | None, scale: float) -> Reach:
    """Return a reach on a bar from 0 to `scale`."""
    begin = 100 * min(low, scale) / scale
    end = 100 * (scale if high is None else min(high, scale)) / scale
    width = max(end - begin, 1)
    return Reach(low, high, round(min(begin, 99), 1), round(width, 1), width < FRAIL)


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


@dataclass(frozen=True)
class PairMap:
    """Pairs as arcs on a section of the world, the first of them with its points."""

    view: View
    arcs: Sequence[str]
    first: tuple[Point, Point]

    @property
    def labels(self) -> list[tuple[str, Point, str, float]]:
        """Return where the names of both stand: inwards of the points, which are near the edges."""
        left, right = self.first
        is_west = left.x <= right.x
        inwards = [("start", 0.2), ("end", -0.2)]
        ends = inwards if is_west else inwards[::-1]
        return [
            (side, point, anchor, dx)
            for side, point, (anchor, dx) in zip(
                ("left", "right"), (left, right), ends, strict=True
            )
        ]


def map_of(pairs: Sequence[tuple[Place, Place]]) -> PairMap | None:
    """Draw pairs of places by latitude and longitude; the map shows the first one whole."""
    if not pairs:
        return None
    drawn = [(project(*one), project(*other)) for one, other in pairs]
    section = box_around(drawn[0], ratio=MAP_WIDTH / MAP_HEIGHT, margin=0.25)
    view = View(section, MAP_WIDTH, MAP_HEIGHT)
    placed = [(view.place(one), view.place(other)) for one, other in drawn]
    return PairMap(view, [arc(*ends) for ends in placed], placed[0])
