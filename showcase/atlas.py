"""Pairings as the map draws them: arcs, points and names in one section of the world."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from showcase.labels import Label, Name, place_labels
from showcase.map import EUROPE, HEIGHT, WIDTH, WORLD, Box, Point, arc, box_around, middle
from showcase.selectors.pairings import PairingRow, Party

# Type sizes on the drawn map: as the style sheet has them for wide and small screens.
TYPE, KEY_TYPE = 11.0, 30.0
EUROPE_ZOOM = WIDTH / EUROPE.width
# A name longer than this would cross half an ocean; zoomed to a few there is more room.
LONGEST_NAME, LONGEST_IN_EUROPE, LONGEST_NEAR = 24, 30, 40
LEAST_ZOOMED = 330
# So near the upper edge, as a part of the height, a name above its point is cut off.
UPPER_EDGE = 0.16


@dataclass(frozen=True)
class View:
    """A section of the world drawn at a size; type and points keep theirs."""

    section: Box = WORLD
    width: float = WIDTH
    height: float = HEIGHT

    @property
    def scale(self) -> float:
        """Return how much larger than on the world map things are drawn."""
        return self.width / self.section.width

    @property
    def view_box(self) -> str:
        """Return the viewBox of the drawing."""
        return f"0 0 {self.width:g} {self.height:g}"

    @property
    def transform(self) -> str:
        """Return the transform that puts the land into the section."""
        return f"scale({self.scale:.4f}) translate({-self.section.x:.1f} {-self.section.y:.1f})"

    def place(self, point: Point) -> Point:
        """Return where a place of the world map lies in the drawing."""
        return Point(
            round((point.x - self.section.x) * self.scale, 1),
            round((point.y - self.section.y) * self.scale, 1),
        )


@dataclass(frozen=True)
class Dot:
    """A party's point: navy in Europe, gold for a partner."""

    name: str
    point: Point
    is_european: bool
    is_approximate: bool
    is_on: bool
    # Where the name stands in the world: outside the arc, to the left or right of the point.
    anchor: str
    dx: float
    has_name_below: bool

    @property
    def classes(self) -> str:
        """Return the classes of its circle."""
        words = ["map-city" if self.is_european else "map-partner"]
        if not self.is_on:
            words.append("is-off")
        if self.is_approximate:
            words.append("is-about")
        return " ".join(words)

    @property
    def near_anchor(self) -> str:
        """Return the end its name hangs on where only its pairing is drawn: inside the arc."""
        return "start" if self.anchor == "end" else "end"

    @property
    def near_shift(self) -> tuple[float, float]:
        """Return how far its name then stands from the point, in em: to the right, down."""
        return (-0.5 if self.anchor == "end" else 0.5, 1.7 if self.has_name_below else -1.0)


@dataclass(frozen=True)
class Drawn:
    """A pairing on the map: a point for each party, an arc from the first to each other."""

    row: PairingRow
    dots: tuple[Dot, ...]
    arcs: tuple[str, ...]
    is_on: bool
    middle: Point

    @property
    def distance_anchor(self) -> str:
        """Return the end on which the distance hangs: it stands outside the first arc."""
        return "start" if self._goes_east else "end"

    @property
    def distance_shift(self) -> float:
        """Return how far to the right of the arc's middle the distance stands, in em."""
        return 0.8 if self._goes_east else -0.8

    @property
    def _goes_east(self) -> bool:
        return self.dots[0].point.x <= self.dots[1].point.x


@dataclass(frozen=True)
class Atlas:
    """All that one map shows."""

    view: View
    pairs: list[Drawn]
    labels: list[Label]
    europe_labels: list[Label]
    # Pairings that cannot be drawn: fewer than two parties have a place.
    unplaced: list[PairingRow]
    is_filtered: bool

    @property
    def approximate(self) -> list[Party]:
        """Return the parties that are drawn at a stand-in, each once."""
        found = {
            party.slug: party
            for pair in self.pairs
            if pair.is_on
            for party in pair.row.parties
            if party.is_approximate
        }
        return list(found.values())


def _draw(row: PairingRow, view: View, *, is_on: bool) -> Drawn:
    places = [(party, view.place(party.point)) for party in row.placed if party.point]
    west = min(point.x for _party, point in places)
    dots = tuple(
        Dot(
            name=party.short_name,
            point=point,
            is_european=party.is_european,
            is_approximate=party.is_approximate,
            is_on=is_on,
            anchor="end" if point.x == west else "start",
            dx=-0.8 if point.x == west else 0.8,
            has_name_below=not party.is_european or point.y < view.height * UPPER_EDGE,
        )
        for party, point in places
    )
    first, *others = (dot.point for dot in dots)
    return Drawn(
        row=row,
        dots=dots,
        arcs=tuple(arc(first, other) for other in others),
        is_on=is_on,
        middle=middle(first, others[0]),
    )


def _names(
    rows: Iterable[PairingRow], view: View, *, european: bool, longest: int = LONGEST_NAME
) -> list[Name]:
    names = []
    for row in rows:
        places = [(party, party.point) for party in row.placed if party.point]
        middle_x = sum(point.x for _party, point in places) / len(places)
        names += [
            Name(party.short_name, view.place(point), left_first=point.x < middle_x)
            for party, point in places
            if party.is_european == european and len(party.short_name) <= longest
        ]
    return names


def world_atlas(rows: Sequence[PairingRow], *, shown: Sequence[PairingRow] | None = None) -> Atlas:
    """Return the world map of all rows; with `shown`, these alone are lit and zoomed to."""
    is_filtered = shown is not None and len(shown) < len(rows)
    lit = {row.slug for row in (rows if shown is None else shown)}
    drawable = [row for row in rows if row.is_on_map]
    view = View()
    if is_filtered:
        points = [
            party.point
            for row in drawable
            if row.slug in lit
            for party in row.placed
            if party.point
        ]
        if points:
            view = View(box_around(points, ratio=WIDTH / HEIGHT, margin=0.2, least=LEAST_ZOOMED))
    pairs = [_draw(row, view, is_on=row.slug in lit) for row in drawable]
    # What is lit is drawn last, on top.
    pairs.sort(key=lambda pair: pair.is_on)
    seen = [row for row in drawable if row.slug in lit]
    frame = Box(0, 0, view.width, view.height)
    dots = [dot.point for pair in pairs if pair.is_on for dot in pair.dots]
    if is_filtered:
        names = [
            *_names(seen, view, european=False, longest=LONGEST_NEAR),
            *_names(seen, view, european=True, longest=LONGEST_NEAR),
        ]
        labels = place_labels(names, section=frame, size=TYPE, obstacles=dots)
        europe: list[Label] = []
    else:
        labels = place_labels(
            _names(seen, view, european=False),
            section=frame,
            size=TYPE,
            key_size=KEY_TYPE,
            obstacles=dots,
        )
        europe = place_labels(
            _names(seen, view, european=True, longest=LONGEST_IN_EUROPE),
            section=EUROPE,
            size=TYPE / EUROPE_ZOOM,
            key_size=KEY_TYPE / EUROPE_ZOOM,
        )
    return Atlas(
        view=view,
        pairs=pairs,
        labels=labels,
        europe_labels=europe,
        unplaced=[row for row in rows if not row.is_on_map and row.slug in lit],
        is_filtered=is_filtered,
    )


def pair_map(
    row: PairingRow, *, width: float, height: float, margin: float = 0.3
) -> tuple[View, Drawn] | None:
    """Return the map of one pairing at a size, or None when it cannot be drawn."""
    if not row.is_on_map:
        return None
    points = [party.point for party in row.placed if party.point]
    section = box_around(points, ratio=width / height, margin=margin)
    view = View(section, width, height)
    return view, _draw(row, view, is_on=True)
