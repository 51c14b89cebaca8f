"""One pair of a run: why it fits, what else its city could have, and what that moves."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.translation import gettext as _

from accounts.models import User
from core.kit import days
from pairings.clocks import MeetingHours, meeting_hours
from pairings.matching.engine import MatchingInputError, Session, read_instance
from pairings.matching.engine.instance import City
from pairings.matching.engine.weights import MAX_SCORE
from pairings.matching.labels import TERMS
from pairings.matching.models import Run
from pairings.matching.reasons import (
    Names,
    Pair,
    Party,
    reason_of,
    sentence_of,
    terms_in_words,
)
from pairings.matching.selectors.board import Other, Place, Shown, Suggested
from pairings.models import PartnerWish
from pairings.selectors import wishes_among
from programme.map import great_circle_km
from programme.models import Language, MainTopic, Tag, Topic
from programme.organisations.models import Organisation
from programme.organisations.states import OrganisationKind


@dataclass(frozen=True)
class Moved:
    """A city whose partners change when another pair is taken."""

    place: Place
    lost: Sequence[Place]
    gained: Sequence[Place]


@dataclass(frozen=True)
class Choice:
    """A partner that a city could have instead, and who else would change; None: not known."""

    other: Other
    moved: Sequence[Moved] | None


@dataclass(frozen=True)
class Apart:
    """Where two cities lie: their organisations, how far apart, when both offices are open."""

    left: Organisation | None
    right: Organisation | None
    km: int | None
    hours: Sequence[MeetingHours]

    @property
    def points(self) -> list[tuple[float, float]]:
        """Return latitude and longitude of both; empty where one has no place."""
        found = [
            (one.latitude, one.longitude)
            for one in (self.left, self.right)
            if one and one.latitude is not None and one.longitude is not None
        ]
        return found if len(found) == len((self.left, self.right)) else []


@dataclass(frozen=True)
class Term:
    """A term of a score: its points of the most that it can give, in words."""

    name: str
    label: str
    points: int
    most: int
    words: str


@dataclass(frozen=True)
class Fact:
    """A row of the two side by side: what each says, and whether the other says it too."""

    label: str
    left: Sequence[tuple[str, bool]]
    right: Sequence[tuple[str, bool]]


def session_of(run: Run) -> Session | None:
    """Return the solved session of a done run; None where an older engine has stored it."""
    try:
        return Session.restore(read_instance(run.instance), run.potentials or {})
    except MatchingInputError:
        return None


def with_next(shown: Shown, session: Session | None, rows: Sequence[Suggested]) -> list[Suggested]:
    """Return pairs with the next best of each, also where a large run has not kept it."""
    known = shown.result["alternatives"]
    found = []
    for pair in rows:
        if session is not None and pair.left.slug not in known:
            others = [vars(one) for one in session.alternatives(pair.left.slug, count=1)]
            if others and others[0]["regret"] is not None:
                pair = replace(pair, next=shown.other(others[0]))  # noqa: PLW2901 - the same pair
        found.append(pair)
    return found


def choices_of(shown: Shown, session: Session | None, left: str) -> list[Choice]:
    """Return what else a city of Europe could have, the cheapest first, and whom it would move."""
    others = shown.others(left)
    if session is None:
        return [Choice(other, None) for other in others]
    if left not in shown.result["alternatives"]:
        rows = [vars(found) for found in session.alternatives(left)]
        others = [shown.other(row) for row in rows]
    return [Choice(other, moved_by(shown, session, left, other.place.slug)) for other in others]


def moved_by(shown: Shown, session: Session, left: str, right: str) -> list[Moved] | None:
    """Return who else changes when a pair is taken, without the two; None where nobody knows."""
    try:
        changes = session.changes(left, right)
    except MatchingInputError:
        return None
    places = shown.places
    return [
        Moved(
            places[change.id],
            [places[slug] for slug in change.lost],
            [places[slug] for slug in change.gained],
        )
        for change in changes
        if change.id not in (left, right)
        # The partner side is told of where a city ends without a partner; the rest is said already.
        and (change.side == "left" or not change.gained)
    ]


def apart_of(left: str, right: str, day: dt.date | None = None) -> Apart:
    """Return where two cities lie, and the hours at which both offices are open on a day."""
    found = {one.slug: one for one in Organisation.objects.filter(slug__in=(left, right))}
    both = [found.get(left), found.get(right)]
    zones = [(one.name, one.time_zone) for one in both if one]
    hours = meeting_hours(zones, day or days.today()) if len(zones) == len(both) else []
    apart = Apart(both[0], both[1], None, hours)
    if not apart.points:
        return apart
    [(a, b), (c, d)] = apart.points
    # To 10 km: it is the distance of two cities, not of two desks.
    return Apart(both[0], both[1], round(great_circle_km(a, b, c, d) / 10) * 10, hours)


def topic_names() -> dict[str, str]:
    """Return how the main topics are called, by slug."""
    return dict(MainTopic.objects.values_list("slug", "name"))


def names_of(shown: Shown) -> Names:
    """Return how everything that cities name by keys is called."""
    return Names(
        topics=topic_names(),
        tags=dict(Tag.objects.values_list("slug", "name")),
        languages=dict(Language.objects.values_list("code", "name")),
        countries={place.country_code: place.country for place in shown.places.values()},
        kinds={kind.value: str(kind.label) for kind in OrganisationKind},
    )


class Topics:
    """The published topics, to be chosen for a proposal by the main topics that they stand for."""

    def __init__(self) -> None:
        self._rows = [
            (topic, frozenset(main.slug for main in topic.main_topics.all()))
            for topic in Topic.objects.prefetch_related("main_topics")
        ]

    def offered(self, named: Iterable[str]) -> list[Topic]:
        """Return the topics that stand for one of these main topics; all where none does."""
        wanted = set(named)
        return [topic for topic, slugs in self._rows if slugs & wanted] or [
            topic for topic, _slugs in self._rows
        ]

    def suggested(self, shared: Iterable[str]) -> list[Topic]:
        """Return one topic for each of these main topics: the one that stands for least else."""
        found = []
        for slug in sorted(shared):
            rows = [(len(slugs), topic.name, topic) for topic, slugs in self._rows if slug in slugs]
            if rows:
                found.append(min(rows, key=lambda row: row[:2])[2])
        return list(dict.fromkeys(found))


@dataclass
class Explained:
    """A pair of cities of a run, explained. Made with `explained`."""

    shown: Shown
    session: Session
    pair: Pair

    @property
    def left(self) -> Place:
        """Return the city of Europe."""
        return self.shown.places[self.pair.left.city.id]

    @property
    def right(self) -> Place:
        """Return the partner city."""
        return self.shown.places[self.pair.right.city.id]

    @property
    def value(self) -> str:
        """Return the pair as forms and addresses name it."""
        return f"{self.left.slug},{self.right.slug}"

    @cached_property
    def points(self) -> dict[str, int]:
        """Return what each term gives."""
        return self.session.terms(self.left.slug, self.right.slug)

    @cached_property
    def as_other(self) -> Other:
        """Return the score of the pair, and what taking it costs; 0 where it is suggested."""
        found = self.session.regret(self.left.slug, self.right.slug)
        return self.shown.other(vars(found))

    @property
    def chosen(self) -> bool:
        """Whether the run suggests this pair."""
        return self.rank is not None

    @cached_property
    def rank(self) -> int | None:
        """Return its place among the suggested pairs by score; None where it is none of them."""
        ordered = sorted(self.shown.pairs, key=lambda pair: -pair.score)
        keys = [pair.key for pair in ordered]
        key = (self.left.slug, self.right.slug)
        return keys.index(key) + 1 if key in keys else None

    @cached_property
    def is_locked(self) -> bool:
        """Whether staff have locked it."""
        return [self.left.slug, self.right.slug] in self.shown.run.instance["locked"]

    @cached_property
    def is_banned(self) -> bool:
        """Whether staff have forbidden it."""
        return [self.left.slug, self.right.slug] in self.shown.run.banned

    @cached_property
    def is_ruled_out(self) -> bool:
        """Whether a city or the register rules it out: nobody can lock or confirm it."""
        pair = [self.left.slug, self.right.slug]
        return pair in self.shown.run.instance["forbidden"] and not self.is_banned

    @property
    def terms(self) -> list[Term]:
        """Return the terms of its score, in the order of the legend."""
        weights = self.shown.run.instance["weights"]
        total = sum(weights.values())
        most = {name: round(MAX_SCORE * weight / total) for name, weight in weights.items()}
        said = terms_in_words(self.pair, self.points, most)
        return [
            Term(name, str(TERMS[name]), self.points[name], most.get(name, 0), said[name])
            for name in TERMS
            if name in self.points
        ]

    @property
    def sentence(self) -> str:
        """Return what gives it most of its score."""
        return sentence_of(self.pair, self.points)

    @property
    def reason(self) -> str:
        """Return a first wording of the reason that both cities will read."""
        return reason_of(self.pair)

    @cached_property
    def choices(self) -> list[Choice]:
        """Return what else the city of Europe could have, without this pair."""
        found = choices_of(self.shown, self.session, self.left.slug)
        return [one for one in found if one.other.place.slug != self.right.slug]

    @property
    def better(self) -> Other | None:
        """Return the partner that would suit the city better by itself and costs least."""
        mine = self.as_other.score
        better = [one.other for one in self.choices if one.other.score > mine and one.other.cost]
        return better[0] if better else None

    @cached_property
    def moved(self) -> list[Moved] | None:
        """Return who else changes when this pair is taken; None where nobody knows."""
        return moved_by(self.shown, self.session, self.left.slug, self.right.slug)

    @property
    def shared(self) -> frozenset[str]:
        """Return the slugs of the main topics that both name."""
        return self.pair.left.city.topics & self.pair.right.city.topics

    @property
    def named(self) -> frozenset[str]:
        """Return the slugs of the main topics that one of them names."""
        return self.pair.left.city.topics | self.pair.right.city.topics

    @property
    def facts(self) -> list[Fact]:
        """Return the two side by side."""
        a, b, names = self.pair.left.city, self.pair.right.city, self.pair.names

        def row(
            label: str,
            own: tuple[Iterable[str], Iterable[str]],
            other: tuple[Iterable[str], Iterable[str]],
            called: Mapping[str, str],
        ) -> Fact:
            cells = []
            for keys, marked in (own, other):
                found = sorted((str(called.get(key, key)), key in marked) for key in keys)
                cells.append(sorted(found, key=lambda cell: not cell[1]))
            return Fact(label, *cells)

        spoken = names.languages
        sizes = [f"{city.population:,}" if city.population else "–" for city in (a, b)]
        return [
            row(_("Topics"), (a.topics, b.topics), (b.topics, a.topics), names.topics),
            row(_("Looks for"), (a.needs, b.offers), (b.needs, a.offers), names.topics),
            row(_("Offers"), (a.offers, b.needs), (b.offers, a.needs), names.topics),
            Fact(_("Inhabitants"), [(sizes[0], False)], [(sizes[1], False)]),
            row(_("Kind of city"), (a.tags, b.tags), (b.tags, a.tags), names.tags),
            row(_("Languages"), (a.languages, b.languages), (b.languages, a.languages), spoken),
        ]


def explained(shown: Shown, session: Session, left: str, right: str, names: Names) -> Explained:
    """Return a pair of the run's cities explained; KeyError for who is none of them."""
    parties = [
        Party(shown.places[slug].name, city)
        for slug, city in (
            (left, _city(session.instance.left, left)),
            (right, _city(session.instance.right, right)),
        )
    ]
    return Explained(shown, session, Pair(parties[0], parties[1], names))


def wishes_of(run: Run, apart: Apart, reader: User) -> list[PartnerWish]:
    """Return what staff read of the wishes of two cities: those of both, and refusals."""
    both = [one for one in (apart.left, apart.right) if one]
    wishes = wishes_among(run.call_id, both, reader)
    are_mutual = len(wishes) == len(both) and all(one.is_wanted for one in wishes)
    return [wish for wish in wishes if are_mutual or not wish.is_wanted]


def _city(cities: Sequence[City], slug: str) -> City:
    for city in cities:
        if city.id == slug:
            return city
    raise KeyError(slug)
