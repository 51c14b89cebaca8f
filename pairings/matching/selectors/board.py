"""The board of a call: the suggested pairs of its run, who is left, what became of the pairs."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from core.kit.text import fold, search_words
from pairings.matching.models import Run
from pairings.models import PairingMember
from pairings.states import LIVE, PairingStatus
from programme.calls.models import Call
from programme.models import Country
from programme.organisations.models import Organisation

Key = tuple[str, str]
# Latitude and longitude.
Point = tuple[float, float]
# How the suggested pairs may be ordered, and which cities the list beside them shows.
ORDERS = ("score", "worst", "cheapest", "name")
SHOWS = ("all", "unpaired", "locked")
MILLION, THOUSAND = 1_000_000, 1_000
# So many cities stand in the list beside the pairs; its search finds the others.
BESIDE = 60
# So many cities of the partner side without a pair are named.
LEFT_OVER = 20


@dataclass(frozen=True)
class Place:
    """A city of a run as the board shows it; its slug stands for a name that is gone."""

    slug: str
    name: str
    country_code: str
    country: str
    population: int | None

    @property
    def inhabitants(self) -> str:
        """Return the inhabitants in short; empty where nobody knows them."""
        if self.population is None:
            return ""
        if self.population >= MILLION:
            return _("%(n)s M") % {"n": f"{self.population / MILLION:.2f}"}
        return _("%(n)s k") % {"n": f"{self.population / THOUSAND:.0f}"}

    @property
    def words(self) -> str:
        """Return what a search looks at."""
        return fold(f"{self.name} {self.country}")


@dataclass(frozen=True)
class Standing:
    """What became of a pair that was proposed in this call."""

    reference: str
    status: str

    @property
    def is_live(self) -> bool:
        """Whether the two are paired, or asked."""
        return self.status in LIVE

    @property
    def is_over(self) -> bool:
        """Whether it came to nothing, so that its cities are free again."""
        return self.status in (PairingStatus.DECLINED, PairingStatus.CANCELLED)

    @property
    def label(self) -> str:
        """Return the state in words."""
        return str(PairingStatus(self.status).label)


@dataclass(frozen=True)
class Other:
    """A partner that a city could have instead: `cost` in points of the whole; None: not known."""

    place: Place
    score: int
    cost: int | None
    pairs_lost: int
    reason: str
    at_least: int | None


@dataclass(frozen=True)
class Suggested:
    """A pair of the run. `topics` are the slugs of what both name, `is_new` since its parent."""

    left: Place
    right: Place
    score: int
    terms: Mapping[str, int]
    is_locked: bool
    topics: Sequence[str]
    next: Other | None
    standing: Standing | None
    is_new: bool

    @property
    def key(self) -> Key:
        """Return the slugs of its cities."""
        return self.left.slug, self.right.slug

    @property
    def value(self) -> str:
        """Return the pair as forms and addresses name it."""
        return ",".join(self.key)


@dataclass(frozen=True)
class Beside:
    """A city of Europe in the list beside the pairs: its pairs, or why it has none."""

    place: Place
    pairs: Sequence[Suggested]
    why: str

    @property
    def is_locked(self) -> bool:
        """Whether one of its pairs is locked."""
        return any(pair.is_locked for pair in self.pairs)


@dataclass(frozen=True)
class Places:
    """Pairs of a partner country, its bounds, and how many pairs its cities could carry."""

    code: str
    name: str
    pairs: int
    minimum: int
    maximum: int | None
    offered: int

    @property
    def is_full(self) -> bool:
        """Whether its maximum is used up."""
        return self.maximum is not None and self.pairs >= self.maximum

    @property
    def shown(self) -> int:
        """Return how many places are drawn."""
        return max(self.pairs, self.maximum if self.maximum is not None else self.offered)


@dataclass(frozen=True)
class Before:
    """The run that another one was changed from, in short."""

    number: int
    total: int
    keys: frozenset[Key]


@dataclass
class Shown:
    """A done run as the board shows it. Made with `shown_of`."""

    run: Run
    places: Mapping[str, Place]
    standings: Mapping[Key, Standing]
    before: Before | None
    _left: Mapping[str, Any] = field(init=False)
    _right: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self._left = {city["id"]: city for city in self.run.instance["left"]}
        self._right = {city["id"]: city for city in self.run.instance["right"]}

    @property
    def result(self) -> dict[str, Any]:
        """Return what the engine found."""
        return self.run.result or {}

    @cached_property
    def pairs(self) -> list[Suggested]:
        """Return the suggested pairs in the order of their names."""
        found = [self._suggested(pair) for pair in self.result["pairs"]]
        return sorted(found, key=_by_name)

    @cached_property
    def by_left(self) -> dict[str, list[Suggested]]:
        """Return the pairs of each city of Europe."""
        found: dict[str, list[Suggested]] = {}
        for pair in self.pairs:
            found.setdefault(pair.left.slug, []).append(pair)
        return found

    @cached_property
    def beside(self) -> list[Beside]:
        """Return the cities of Europe, those without a pair first."""
        why = {city["id"]: city["reason"] for city in self.result["unmatched"]["left"]}
        rows = [
            Beside(self.places[slug], self.by_left.get(slug, ()), why.get(slug, ""))
            for slug in self._left
        ]
        return sorted(rows, key=lambda row: (bool(row.pairs), row.place.words, row.place.slug))

    @property
    def unpaired(self) -> list[Beside]:
        """Return the cities of Europe without a pair."""
        return [row for row in self.beside if not row.pairs]

    @cached_property
    def partners_left(self) -> list[tuple[Place, str]]:
        """Return the partner cities without a pair, and why."""
        rows = self.result["unmatched"]["right"]
        found = [(self.places[city["id"]], city["reason"]) for city in rows]
        return sorted(found, key=lambda row: (row[0].words, row[0].slug))

    @property
    def came_to_nothing(self) -> list[Suggested]:
        """Return the pairs that were declined or cancelled since: their cities wait for a run."""
        return [pair for pair in self.pairs if pair.standing and pair.standing.is_over]

    @property
    def changed(self) -> int | None:
        """Return how many pairs the run it was changed from did not have; None without one."""
        return None if self.before is None else sum(pair.is_new for pair in self.pairs)

    @property
    def points_gained(self) -> int | None:
        """Return the points more than before; None where other weights or data count in points."""
        if self.before is None or {"weights", "anew"} & self.run.change.keys():
            return None
        return self.run.total - self.before.total

    @cached_property
    def countries(self) -> list[Places]:
        """Return the places of each partner country, by code."""
        bounds = (self.run.instance.get("quotas") or {}).get("right_country", {})
        used = Counter(pair.right.country_code for pair in self.pairs)
        offered: Counter[str] = Counter()
        names = {}
        for slug, city in self._right.items():
            offered[city["country"]] += city.get("capacity", 1)
            names[city["country"]] = self.places[slug].country
        return [
            Places(
                code=code,
                name=names.get(code, code),
                pairs=used[code],
                minimum=bounds.get(code, {}).get("min") or 0,
                maximum=bounds.get(code, {}).get("max"),
                offered=offered[code],
            )
            for code in sorted(offered.keys() | bounds.keys())
        ]

    def others(self, left: str) -> list[Other]:
        """Return the partners that a city of Europe could have instead, the cheapest first."""
        rows = self.result["alternatives"].get(left, ())
        return [self.other(row) for row in rows]

    def other(self, row: Mapping[str, Any]) -> Other:
        """Return an alternative of the engine with the city that it names."""
        return Other(
            place=self.places[row["right"]],
            score=row["score"],
            cost=row["regret"],
            pairs_lost=row["pairs_lost"] or 0,
            reason=row.get("reason", ""),
            at_least=row.get("at_least"),
        )

    def _suggested(self, pair: Mapping[str, Any]) -> Suggested:
        left, right = pair["left"], pair["right"]
        topics = {*self._left[left].get("topics", ())} & {*self._right[right].get("topics", ())}
        others = self.others(left)
        return Suggested(
            left=self.places[left],
            right=self.places[right],
            score=pair["score"],
            terms=pair["terms"],
            is_locked=pair["locked"],
            topics=sorted(topics),
            next=others[0] if others and others[0].cost is not None else None,
            standing=self.standings.get((left, right)),
            is_new=self.before is not None and (left, right) not in self.before.keys,
        )


def shown_of(run: Run, call: Call) -> Shown:
    """Read what the board shows of a done run of a call: a fixed number of queries."""
    return Shown(run, _places(run), standings_of(call), _before(run))


def listed_pairs(shown: Shown, words: str, order: str) -> list[Suggested]:
    """Return the pairs of which a city is found by the words, in one of the ORDERS."""
    wanted = search_words(words)
    rows = [
        pair
        for pair in shown.pairs
        if _fits(wanted, pair.left.words) or _fits(wanted, pair.right.words)
    ]
    if order == "worst":
        return sorted(rows, key=lambda pair: pair.score)
    if order == "cheapest":
        return sorted(rows, key=lambda pair: (pair.next is None, _cost(pair)))
    if order == "name":
        return rows
    return sorted(rows, key=lambda pair: -pair.score)


def listed_beside(shown: Shown, words: str, show: str) -> list[Beside]:
    """Return the cities of Europe that are found by the words: all, unpaired or locked ones."""
    wanted = search_words(words)
    rows = [row for row in shown.beside if _fits(wanted, row.place.words)]
    if show == "unpaired":
        return [row for row in rows if not row.pairs]
    if show == "locked":
        return [row for row in rows if row.is_locked]
    return rows


def standings_of(call: Call) -> dict[Key, Standing]:
    """Return what became of each pair that was proposed in a call; the last proposal counts."""
    rows = PairingMember.objects.filter(pairing__call=call).order_by("pairing")
    members: dict[tuple[str, str], list[str]] = {}
    for reference, status, slug in rows.values_list(
        "pairing__reference", "pairing__status", "organisation__slug"
    ):
        members.setdefault((reference, status), []).append(slug)
    return {
        (one, other): Standing(reference, status)
        for (reference, status), slugs in members.items()
        for one in slugs
        for other in slugs
        if one != other
    }


def banned_of(run: Run, left: str, places: Mapping[str, Place]) -> list[Place]:
    """Return the partners that staff have forbidden for a city of Europe."""
    return [places[right] for one, right in run.banned if one == left]


def _places(run: Run) -> dict[str, Place]:
    cities = [*run.instance["left"], *run.instance["right"]]
    slugs = [city["id"] for city in cities]
    names = dict(Organisation.objects.filter(slug__in=slugs).values_list("slug", "name"))
    countries = dict(Country.objects.values_list("code", "name"))
    return {
        city["id"]: Place(
            slug=city["id"],
            name=names.get(city["id"], city["id"]),
            country_code=city["country"],
            country=countries.get(city["country"], city["country"]),
            population=city.get("population"),
        )
        for city in cities
    }


def _before(run: Run) -> Before | None:
    """Return the run that it was changed from; None where there is none."""
    if run.parent_id is None:
        return None
    parent = Run.objects.filter(pk=run.parent_id).values("number", "total", "result").first()
    if parent is None or parent["result"] is None:
        return None
    keys = frozenset((pair["left"], pair["right"]) for pair in parent["result"]["pairs"])
    return Before(parent["number"], parent["total"], keys)


def _fits(wanted: Iterable[str], text: str) -> bool:
    return all(word in text for word in wanted)


def _cost(pair: Suggested) -> int:
    return pair.next.cost or 0 if pair.next else 0


def _by_name(pair: Suggested) -> tuple[str, str]:
    return pair.left.words, pair.right.words


def coordinates_of(pairs: Iterable[Suggested]) -> dict[Key, tuple[Point, Point]]:
    """Return latitude and longitude of both cities of pairs that have a place: one query."""
    pairs = list(pairs)
    slugs = {slug for pair in pairs for slug in pair.key}
    rows = Organisation.objects.filter(slug__in=slugs)
    places = {
        slug: (latitude, longitude)
        for slug, latitude, longitude in rows.values_list("slug", "latitude", "longitude")
        if latitude is not None and longitude is not None
    }
    return {
        pair.key: (places[pair.left.slug], places[pair.right.slug])
        for pair in pairs
        if pair.left.slug in places and pair.right.slug in places
    }
