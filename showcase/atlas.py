"""Pairings as the map draws them: arcs, points and names in one section of the world."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from pairings.models import Pairing
from programme.map import (
    EUROPE,
    HEIGHT,
    WIDTH,
    Box,
    Point,
    View,
    arc,
    box_around,
    middle,
    project,
)
from showcase.labels import Label, Name, place_labels
from showcase.selectors.directory import Directory, Placed
from showcase.selectors.rows import PairingRow, Party

# Type sizes on the drawn map: as the style sheet has them for wide and small screens.
TYPE, KEY_TYPE = 11.0, 30.0
EUROPE_ZOOM = WIDTH / EUROPE.width
# A name longer than this would cross half an ocean; zoomed to a few there is more room.
LONGEST_NAME, LONGEST_IN_EUROPE, LONGEST_NEAR = 24, 30, 40
LEAST_ZOOMED = 330
# So near the upper edge, as a part of the height, a name above its point is cut off.
UPPER_EDGE = 0.16
# With more pairings than this the map draws one line for all between the same two countries,
# and so many of these lines, those of most pairings, are links.
MOST_LINES, MOST_BUNDLES = 150, 80
# How many pairings without a place are named below the map.
MOST_NOTES = 20
# Points and lines of countries are drawn in four sizes: the class, and from how many pairings on.
AMOUNTS = (("is-most", 100), ("is-many", 25), ("is-some", 6), ("is-few", 0))


@dataclass(frozen=True)
class Dot:
    """A party's point: navy in Europe, gold for a partner."""

    # Of its pairing.
    slug: str
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
class Country:
    """A country's point where the map draws countries: in the middle of its paired cities."""

    place: Placed
    point: Point

    @property
    def classes(self) -> str:
        """Return the classes of its point, which grows with its pairings."""
        side = "" if self.place.is_european else " is-partner"
        return f"map-country {_amount(self.place.pairings)}{side}"

    @property
    def url(self) -> str:
        """Return the address of the list of its pairings."""
        side = "europe" if self.place.is_european else "partner"
        return f"{reverse('showcase:pairings')}?{urlencode({side: self.place.code})}"


@dataclass(frozen=True)
class Bundle:
    """All pairings between two countries, drawn as one line that leads to their list."""

    europe: Country
    partner: Country
    pairings: int

    @property
    def path(self) -> str:
        """Return its line."""
        return arc(self.europe.point, self.partner.point)

    @property
    def key(self) -> str:
        """Return what tells it from others; rows of the list have the same."""
        return f"{self.europe.place.code}-{self.partner.place.code}"

    @property
    def url(self) -> str:
        """Return the address of the list of these pairings."""
        chosen = {"europe": self.europe.place.code, "partner": self.partner.place.code}
        return f"{reverse('showcase:pairings')}?{urlencode(chosen)}"

    @property
    def classes(self) -> str:
        """Return the classes of its line, which is the thicker the more pairings it has."""
        return f"map-arc {_amount(self.pairings)}"


def _amount(pairings: int) -> str:
    """Return the class for so many pairings."""
    return next(word for word, least in AMOUNTS if pairings >= least)


@dataclass(frozen=True)
class Atlas:
    """All that one map shows: pairings, or where they are too many the countries they link."""

    view: View
    pairs: list[Drawn]
    labels: list[Label]
    europe_labels: list[Label]
    # Pairings that cannot be drawn: fewer than two parties have a place.
    unplaced: list[PairingRow]
    is_filtered: bool
    bundles: list[Bundle] = field(default_factory=list)
    countries: list[Country] = field(default_factory=list)
    # The lines of fewer pairings than those of the bundles, as one path that leads nowhere.
    thin: str = ""
    # How many pairings the lines between countries stand for.
    bundled: int = 0
    # Pairings without a place that are not named one by one.
    unnamed: int = 0

    @property
    def dots(self) -> list[Dot]:
        """Return the points of all its pairings."""
        return [dot for pair in self.pairs for dot in pair.dots]

    @property
    def drawn(self) -> int:
        """Return how many pairings the map shows."""
        return len(self.pairs) + self.bundled

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
            slug=row.slug,
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


def atlas_of(listed: Directory, found: "QuerySet[Pairing] | None" = None) -> Atlas:
    """Return the world map of all pairings; with `found`, these alone are lit and zoomed to."""
    pairings = listed.all if found is None else found
    many = listed.numbers.pairings > MOST_LINES
    if many and (found is None or found.count() > MOST_LINES):
        return _bundled(listed, pairings, is_filtered=found is not None)
    rows = listed.rows(listed.in_order(pairings))
    if found is None or many:
        return world_atlas(rows, is_filtered=found is not None)
    return world_atlas(listed.rows(listed.in_order(listed.all)), shown=rows)


def _bundled(listed: Directory, pairings: "QuerySet[Pairing]", *, is_filtered: bool) -> Atlas:
    """Return the map of the countries that so many pairings link."""
    places = listed.places(pairings)
    points = [project(place.latitude, place.longitude) for place in places]
    view = View()
    if is_filtered and points:
        view = View(box_around(points, ratio=WIDTH / HEIGHT, margin=0.2, least=LEAST_ZOOMED))
    countries = [
        Country(place, view.place(point)) for place, point in zip(places, points, strict=True)
    ]
    at = {(country.place.is_european, country.place.code): country for country in countries}
    bundles = [
        Bundle(at[True, one], at[False, two], count)
        for one, two, count in listed.lines(pairings)
        if (True, one) in at and (False, two) in at
    ]
    names = [Name(country.place.name, country.point) for country in countries]
    dots = [country.point for country in countries]
    frame = Box(0, 0, view.width, view.height)
    europe: list[Label] = []
    if not is_filtered:
        near = [name for name in names if EUROPE.holds(name.point)]
        size, key_size = TYPE / EUROPE_ZOOM, KEY_TYPE / EUROPE_ZOOM
        europe = place_labels(near, section=EUROPE, size=size, key_size=key_size)
    placeless = list(
        listed.in_order(pairings.exclude(pk__in=listed.drawable(listed.all).values("pk")))
    )
    return Atlas(
        view=view,
        pairs=[],
        labels=place_labels(names, section=frame, size=TYPE, key_size=KEY_TYPE, obstacles=dots),
        europe_labels=europe,
        unplaced=listed.rows(placeless[:MOST_NOTES]),
        is_filtered=is_filtered,
        bundles=bundles[:MOST_BUNDLES],
        thin="".join(bundle.path for bundle in bundles[MOST_BUNDLES:]),
        countries=countries,
        bundled=sum(bundle.pairings for bundle in bundles),
        unnamed=len(placeless[MOST_NOTES:]),
    )


def world_atlas(
    rows: Sequence[PairingRow],
    *,
    shown: Sequence[PairingRow] | None = None,
    is_filtered: bool = False,
) -> Atlas:
    """Return the world map of all rows; with `shown`, these alone are lit and zoomed to.

    `is_filtered`: the rows themselves are what was found.
    """
    is_filtered = is_filtered or (shown is not None and len(shown) < len(rows))
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
