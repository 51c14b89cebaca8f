"""Names beside points on the map, where they do not run into each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from showcase.map import Box, Point

# Width of an average letter and height of a line, in shares of the type size.
LETTER, LINE = 0.6, 1.15
# Free room kept around a point, in shares of the type size.
GAP = 0.35


@dataclass(frozen=True)
class Label:
    """A name and how it stands to its point; `dx` and `dy` are in em, so they grow with it."""

    text: str
    point: Point
    anchor: str
    dx: float
    dy: float
    # Whether there is room for it on a small screen too.
    is_key: bool = False


# Right of the point, left of it, above, below: the first that is free is taken.
PLACES = (
    ("start", 0.8, 0.35),
    ("end", -0.8, 0.35),
    ("middle", 0.0, -0.75),
    ("middle", 0.0, 1.4),
)


def _room(text: str, point: Point, place: tuple[str, float, float], size: float) -> Box:
    anchor, dx, dy = place
    width = len(text) * LETTER * size
    left = point.x + dx * size
    if anchor == "end":
        left -= width
    elif anchor == "middle":
        left -= width / 2
    return Box(left, point.y + dy * size - 0.8 * LINE * size, width, LINE * size)


def _meet(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def _inside(inner: Box, outer: Box) -> bool:
    return (
        outer.x <= inner.x
        and inner.x + inner.width <= outer.x + outer.width
        and outer.y <= inner.y
        and inner.y + inner.height <= outer.y + outer.height
    )


@dataclass
class _Sheet:
    """What is taken already on a section of the map."""

    section: Box
    taken: list[Box]

    def place(self, text: str, point: Point, size: float) -> tuple[str, float, float] | None:
        """Return where the name fits and take the room; None when it fits nowhere."""
        for place in PLACES:
            room = _room(text, point, place, size)
            if _inside(room, self.section) and not any(_meet(room, box) for box in self.taken):
                self.taken.append(room)
                return place
        return None


def _around(point: Point, size: float) -> Box:
    half = GAP * size
    return Box(point.x - half, point.y - half, 2 * half, 2 * half)


def place_labels(
    names: Sequence[tuple[str, Point]],
    *,
    section: Box,
    size: float,
    key_size: float = 0,
    obstacles: Iterable[Point] = (),
) -> list[Label]:
    """Return the names that fit into the section, the earlier ones first.

    Names that fit at `key_size` (the type of small screens) come first and are marked.
    Points and `obstacles` are kept free; a name given twice is written once.
    """
    points = [*(point for _name, point in names), *obstacles]
    wide = _Sheet(section, [_around(point, size) for point in points])
    small = _Sheet(section, [])
    waiting: list[tuple[str, Point]] = []
    labels: list[Label] = []
    seen: set[str] = set()
    for text, point in names:
        if text in seen or not section.holds(point):
            continue
        seen.add(text)
        key = small.place(text, point, key_size) if key_size else None
        # The same place must do on wide screens: a label has one position.
        if key and not any(
            _meet(_room(text, point, key, size), box)
            for box in wide.taken
            if box != _around(point, size)
        ):
            wide.taken.append(_room(text, point, key, size))
            labels.append(Label(text, point, *key, is_key=True))
        else:
            waiting.append((text, point))
    for text, point in waiting:
        place = wide.place(text, point, size)
        if place:
            labels.append(Label(text, point, *place))
    return labels
