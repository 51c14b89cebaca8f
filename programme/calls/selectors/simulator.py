"""What another number of inhabitants would mean: tried on all places of the register."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max

from core.kit.sockets import plugged
from programme.calls.models import Call
from programme.map import project
from programme.models import City, Country
from programme.states import Side

# Places change with a load of the programme's data alone; the key says which load.
KEPT_SECONDS = 600


@dataclass(frozen=True)
class CountryCount:
    """How many places of a country pass now, and how many would."""

    code: str
    name: str
    is_eu: bool
    places: int
    now: int
    tried: int

    @property
    def change(self) -> int:
        """Return how many more would pass; below 0 for fewer."""
        return self.tried - self.now

    @property
    def both(self) -> int:
        """Return how many pass in both cases."""
        return min(self.now, self.tried)

    @property
    def between(self) -> int:
        """Return how many pass in one case alone."""
        return abs(self.change)


@dataclass
class Effect:
    """What the apps above say the trial would mean for the call: (what, in words).

    With a `reader` it lacks what is kept from them.
    """

    reader: Any = None
    facts: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Dots:
    """Paths of places on the map: those that pass in both cases, and those of one alone."""

    both: str
    other: str
    eu_both: str
    eu_other: str


@dataclass(frozen=True)
class Simulation:
    """One rule beside another, on all places of the register that have a figure."""

    places: int
    now: int
    tried: int
    countries: list[CountryCount]
    dots: Dots

    @property
    def change(self) -> int:
        """Return how many more would pass; below 0 for fewer."""
        return self.tried - self.now

    @property
    def europe(self) -> list[CountryCount]:
        """Return the members of the EU."""
        return [row for row in self.countries if row.is_eu]

    @property
    def elsewhere(self) -> list[CountryCount]:
        """Return all other countries."""
        return [row for row in self.countries if not row.is_eu]

    @property
    def eu_places(self) -> int:
        """Return how many places lie in the EU."""
        return sum(row.places for row in self.europe)

    @property
    def eu_now(self) -> int:
        """Return how many of them pass now."""
        return sum(row.now for row in self.europe)

    @property
    def eu_tried(self) -> int:
        """Return how many of them would pass."""
        return sum(row.tried for row in self.europe)

    @property
    def most_europe(self) -> int:
        """Return the longest bar of the EU."""
        return _longest(self.europe)

    @property
    def most_elsewhere(self) -> int:
        """Return the longest bar of all other countries."""
        return _longest(self.elsewhere)


def _longest(rows: list[CountryCount]) -> int:
    return max((max(row.now, row.tried) for row in rows), default=0)


@dataclass(frozen=True)
class _Register:
    """Places, the largest first: their figures below 0, so that bisecting finds them, and marks."""

    figures: list[int]
    marks: list[str]
    countries: list[str]
    # How many marks of the EU there are up to each place, and these marks.
    eu_up_to: list[int]
    eu_marks: list[str]
    # By country: its figures, rising.
    by_country: dict[str, list[int]]


def _read() -> _Register:
    """Read the places in one query."""
    rows: list[Any] = list(
        City.objects.filter(reference_population__isnull=False)
        .order_by("-reference_population", "pk")
        .values_list(
            "reference_population", "country", "latitude", "longitude", "country__is_eu_member"
        )
    )
    by_country: dict[str, list[int]] = defaultdict(list)
    marks, eu_marks = [], []
    for figure, country, latitude, longitude, is_eu in rows:
        by_country[country].append(figure)
        mark = ""
        if latitude is not None and longitude is not None:
            point = project(latitude, longitude)
            mark = f"M{point.x:g} {point.y:g}h0"
        marks.append(mark)
        if is_eu:
            eu_marks.append(mark)
    return _Register(
        figures=[-row[0] for row in rows],
        marks=marks,
        countries=[row[1] for row in rows],
        eu_up_to=[0, *accumulate(int(row[4]) for row in rows)],
        eu_marks=eu_marks,
        by_country={code: figures[::-1] for code, figures in by_country.items()},
    )


def _register() -> _Register:
    state = City.objects.aggregate(Count("pk"), Max("pk"))
    key = f"register-places-by-country-{state['pk__count']}-{state['pk__max']}"
    found: _Register | None = cache.get(key)
    if found is None:
        found = _read()
        cache.set(key, found, KEPT_SECONDS)
    return found


def _least(minimum: int | None, *, strict: bool) -> int:
    """Return the smallest figure that is enough."""
    return (minimum or 0) + int(strict and minimum is not None)


def countries_without_minimum(call: Call) -> list[Country]:
    """Return the countries whose cities apply to the call whatever their size."""
    return list(call.countries_of(Side.PARTNER)) if call.takes(Side.PARTNER) else []


def simulate(
    *, now: int | None, tried: int | None, strict: bool, unmeasured: Collection[str] = ()
) -> Simulation:
    """Return how many places of the register pass under two minima; two queries at most.

    The figures of the register are hints of settlements: a city declares its own. `unmeasured`
    are the codes of countries of which no number is asked: all their places pass.
    """
    register = _register()
    least_now, least_tried = _least(now, strict=strict), _least(tried, strict=strict)
    passing = [bisect_right(register.figures, -least) for least in (least_now, least_tried)]
    few, many = sorted(passing)
    eu_few, eu_many = register.eu_up_to[few], register.eu_up_to[many]
    countries = [
        CountryCount(
            code,
            name,
            is_eu,
            len(figures),
            *(
                len(figures) - (0 if code in unmeasured else bisect_left(figures, least))
                for least in (least_now, least_tried)
            ),
        )
        for code, name, is_eu in Country.objects.values_list("code", "name", "is_eu_member")
        if (figures := register.by_country.get(code))
    ]
    both, other = register.marks[:few], register.marks[few:many]
    if unmeasured:
        small = zip(register.marks[few:], register.countries[few:], strict=True)
        both = both + [mark for mark, code in small if code in unmeasured]
        between = zip(other, register.countries[few:many], strict=True)
        other = [mark for mark, code in between if code not in unmeasured]
    return Simulation(
        places=len(register.figures),
        now=sum(row.now for row in countries),
        tried=sum(row.tried for row in countries),
        countries=sorted(countries, key=lambda row: (-max(row.tried, row.now), row.name)),
        dots=Dots(
            both="".join(both),
            other="".join(other),
            eu_both="".join(register.eu_marks[:eu_few]),
            eu_other="".join(register.eu_marks[eu_few:eu_many]),
        ),
    )


def effect_of(call: Call, tried: int | None, reader: Any = None) -> Effect:
    """Return what the trial would mean for what hangs on the call.

    The socket is `impact.py` with a function `add_tried` that takes the call, the number tried
    and the Effect.
    """
    effect = Effect(reader)
    for module in plugged("impact"):
        if hasattr(module, "add_tried"):
            module.add_tried(call, tried, effect)
    return effect
