"""Names beside points on the map, where they do not run into each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from programme.map import Box, Point

# Width of an average letter and height of a line, in shares of the type size.
LETTER, LINE = 0.6, 1.4
# Free room kept around a point and beside a name, in shares of the type size.
GAP = 0.35
ASIDE = 0.3


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


@dataclass(frozen=True)
class Name:
    """A name to place; `left_first` where the arc leaves its point to the right."""

    text: str
    point: Point
    left_first: bool = False


# Where a name may stand to its point; the first that is free is taken.
RIGHT, LEFT = ("start", 0.8, 0.35), ("end", -0.8, 0.35)
ABOVE, BELOW = ("middle", 0.0, -0.75), ("middle", 0.0, 1.4)


def _room(name: Name, place: tuple[str, float, float], size: float) -> Box:
    anchor, dx, dy = place
    width = len(name.text) * LETTER * size
    left = name.point.x + dx * size
    if anchor == "end":
        left -= width
    elif anchor == "middle":
        left -= width / 2
    aside = ASIDE * size
    top = name.point.y + dy * size - 0.8 * LINE * size
    return Box(left - aside, top, width + 2 * aside, LINE * size)


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

    def is_free(self, name: Name, place: tuple[str, float, float], size: float) -> bool:
        """Tell whether the name fits there; its own point does not stand in its way."""
        room, own = _room(name, place, size), _around(name.point, size)
        # Few boxes meet: to compare them with its own comes last.
        return _inside(room, self.section) and not any(
            _meet(room, box) and box != own for box in self.taken
        )

    def take(self, name: Name, place: tuple[str, float, float], size: float) -> None:
        """Keep the room of a name."""
        self.taken.append(_room(name, place, size))


def _places(name: Name) -> tuple[tuple[str, float, float], ...]:
    sides = (LEFT, RIGHT) if name.left_first else (RIGHT, LEFT)
    return (*sides, ABOVE, BELOW)


def _around(point: Point, size: float) -> Box:
    half = GAP * size
    return Box(point.x - half, point.y - half, 2 * half, 2 * half)


def place_labels(
    names: Sequence[Name],
    *,
    section: Box,
    size: float,
    key_size: float = 0,
    obstacles: Iterable[Point] = (),
) -> list[Label]:
    """Return the names that fit into the section, the earlier ones first.

    Names that fit at `key_size` (the type of small screens, whose frame cuts a tenth on
    each side) come first and are marked. Points and `obstacles` are kept free; a name
    given twice is written once.
    """
    points = [*(name.point for name in names), *obstacles]
    wide = _Sheet(section, [_around(point, size) for point in points])
    cut = section.width / 8
    small = _Sheet(Box(section.x + cut, section.y, section.width - 2 * cut, section.height), [])
    waiting: list[Name] = []
    labels: list[Label] = []
    seen: set[str] = set()
    for name in names:
        if name.text in seen or not section.holds(name.point):
            continue
        seen.add(name.text)
        # A label has one position: it must be free at both sizes.
        free = (
            place
            for place in _places(name)
            if key_size and small.is_free(name, place, key_size) and wide.is_free(name, place, size)
        )
        place = next(free, None)
        if place is None:
            waiting.append(name)
            continue
        small.take(name, place, key_size)
        wide.take(name, place, size)
        labels.append(Label(name.text, name.point, *place, is_key=True))
    for name in waiting:
        place = next((p for p in _places(name) if wide.is_free(name, p, size)), None)
        if place:
            wide.take(name, place, size)
            labels.append(Label(name.text, name.point, *place))
    return labels
