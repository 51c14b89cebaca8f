"""The public list of pairings: what is found, counted and drawn of it.

Every request asks the database for one number (`PublicChange`), which changes with whatever the
public reads, in the same transaction. As long as it is the same, what was made before still holds
in this process; else all of it is forgotten at once. So nothing is shown longer than it is so, and
no other server has to be there for it. The database filters, counts and pages: of the pairings a
page asks for those that it shows.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import (
    Avg,
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)

from core.kit.text import fold
from pairings.models import Pairing, PairingMember
from pairings.selectors.common import matching
from programme.models import Theme
from programme.organisations.models import Organisation
from programme.states import Origin, Side
from showcase.models import PublicChange
from showcase.places import stand_ins
from showcase.selectors.public import sorted_pairings
from showcase.selectors.rows import PairingRow, apart, load_rows, published

# What a process remembers of pages and files, in characters or bytes; the oldest goes first.
LARGEST_MEMORY = 32_000_000
# The map is cut in the Pacific: what lies further west stands at its eastern edge.
EDGE = -168

Version = tuple[int, int]


@dataclass(frozen=True)
class Numbers:
    """Figures of the home page, counted from the pairings shown."""

    cities: int
    pairings: int
    partner_countries: int


@dataclass(frozen=True)
class Placed:
    """The parties of a country on one side: how many pairings they have, and their middle."""

    code: str
    name: str
    is_european: bool
    pairings: int
    latitude: float
    longitude: float


class Directory:
    """One state of the public list, and what this process made of it."""

    def __init__(self, version: Version | None) -> None:
        self.version = version
        self._lock = threading.Lock()
        self._making: dict[tuple[Any, ...], threading.Lock] = {}
        self._memory: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._size = 0

    # Remembering --------------------------------------------------------------------
    def remember(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        """Return what was made under this key, or make it; two never make the same at once.

        The key names everything besides the list that it depends on, such as the language.
        """
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._memory:
                    self._memory.move_to_end(key)
                    return self._memory[key]
            made = make()
            with self._lock:
                self._memory[key] = made
                self._size += len(made)
                while self._size > LARGEST_MEMORY and len(self._memory) > 1:
                    oldest, gone = self._memory.popitem(last=False)
                    self._size -= len(gone)
                    self._making.pop(oldest, None)
            return made

    def rows(self, keys: Iterable[int]) -> list[PairingRow]:
        """Return these pairings as rows, in this order."""
        wanted = list(keys)
        found = load_rows(wanted)
        return [found[pk] for pk in wanted if pk in found]

    # Finding ------------------------------------------------------------------------
    @property
    def all(self) -> "QuerySet[Pairing]":
        """Return all that the public sees."""
        return published(Pairing.objects.public())

    def find(
        self,
        *,
        text: str = "",
        europe: str = "",
        partner: str = "",
        theme: str = "",
    ) -> "QuerySet[Pairing]":
        """Return the pairings that fit every given filter.

        `text` folds accents over cities, countries and topics; the countries are ISO codes,
        `theme` is a slug.
        """
        pairings = matching(self.all, text)
        for side, code in ((Side.EU, europe), (Side.PARTNER, partner)):
            if code:
                members = PairingMember.objects.filter(pairing=OuterRef("pk"), side=side)
                pairings = pairings.filter(
                    Exists(members.filter(organisation__country=code.upper()))
                )
        if theme:
            topics = Pairing.topics.through.objects.filter(pairing=OuterRef("pk"))
            pairings = pairings.filter(Exists(topics.filter(topic__themes__slug=theme)))
        return pairings

    def in_order(self, pairings: "QuerySet[Pairing]", sort: str = "") -> Any:
        """Return their keys, sorted by "eu", "partner" or "distance"; "-" turns it round.

        Rows without a distance come last both ways. What is returned can be counted and cut like
        a list.
        """
        if sort.removeprefix("-") != "distance":
            return sorted_pairings(pairings, sort or "eu").values_list("pk", flat=True)
        keys = list(sorted_pairings(pairings).values_list("pk", flat=True))
        ways = self._ways
        far = [pk for pk in keys if ways.get(pk) is not None]
        far.sort(key=lambda pk: ways[pk] or 0, reverse=sort.startswith("-"))
        return far + [pk for pk in keys if ways.get(pk) is None]

    @cached_property
    def _ways(self) -> dict[int, int | None]:
        """Return how far apart the parties of each pairing are, in km."""
        places: dict[int, list[tuple[float, float] | None]] = {}
        members = PairingMember.objects.filter(pairing__in=self.all.values("pk"))
        europe_first = Case(When(side=Side.EU, then=0), default=1)
        stood_in = {
            pk: (found.latitude, found.longitude)
            for pk, name, country in Organisation.objects.filter(pk__in=self._stood_in).values_list(
                "pk", "name", "country"
            )
            if (found := stand_ins().get((name, country)))
        }
        for pk, body, latitude, longitude in members.order_by(
            europe_first, "order", "pk"
        ).values_list(
            "pairing", "organisation", "organisation__latitude", "organisation__longitude"
        ):
            place = stood_in.get(body)
            if latitude is not None and longitude is not None:
                place = (latitude, longitude)
            places.setdefault(pk, []).append(place)
        return {
            pk: apart([place for place in found if place], of=len(found))
            for pk, found in places.items()
        }

    # Counting -----------------------------------------------------------------------
    @cached_property
    def numbers(self) -> Numbers:
        """Count cities (a group counts once), pairings and partner countries."""
        partner = ~Q(members__side=Side.EU)
        country = Count("members__organisation__country", distinct=True, filter=partner)
        return Numbers(
            **self.all.aggregate(
                cities=Count("members__organisation", distinct=True),
                pairings=Count("pk", distinct=True),
                partner_countries=country,
            )
        )

    @cached_property
    def _countries(self) -> list[tuple[str, str, str]]:
        members = PairingMember.objects.filter(pairing__in=self.all).order_by()
        found = members.values_list(
            "side", "organisation__country", "organisation__country__name"
        ).distinct()
        return sorted(found, key=lambda row: fold(row[2]))

    @property
    def europe_choices(self) -> list[tuple[str, str]]:
        """Return the countries on the European side as choices, by name."""
        return [(code, name) for side, code, name in self._countries if side == Side.EU]

    @property
    def partner_choices(self) -> list[tuple[str, str]]:
        """Return the countries of the partners as choices, by name."""
        return [(code, name) for side, code, name in self._countries if side != Side.EU]

    @cached_property
    def theme_counts(self) -> list[tuple[Theme, int]]:
        """Return the themes with their number of pairings; one pairing can have several."""
        counted = Theme.objects.filter(topics__pairings__in=self.all).annotate(
            pairings=Count("topics__pairings", distinct=True)
        )
        return [(theme, theme.pairings) for theme in counted]

    @property
    def theme_choices(self) -> list[tuple[str, str]]:
        """Return the themes that pairings work on as choices."""
        return [(theme.slug, theme.name) for theme, _count in self.theme_counts]

    def latest(self, limit: int = 3) -> list[int]:
        """Return the pairings that started last; none while none has a date."""
        dated = sorted_pairings(self.all.filter(started_on__isnull=False))
        keys = dated.order_by("-started_on", *dated.query.order_by).values_list("pk", flat=True)
        return list(keys[:limit])

    def of_the_day(self, day: date, limit: int = 3) -> list[int]:
        """Return pairings with different partner countries, others each day.

        The published list has no dates: these stand where there is no "latest".
        """
        partner = PairingMember.objects.filter(pairing=OuterRef("pk"), side=Side.PARTNER)
        first = partner.order_by("order", "pk").values("organisation__country")[:1]
        drawable = sorted_pairings(self.drawable(self.all))
        by_country: dict[str, list[int]] = {}
        for pk, code in drawable.values_list("pk", Subquery(first)):
            if code:
                by_country.setdefault(code, []).append(pk)
        turn = day.toordinal()
        groups = [by_country[code] for code in sorted(by_country)]
        groups = [groups[(turn + shift) % len(groups)] for shift in range(min(limit, len(groups)))]
        return [group[turn % len(group)] for group in groups]

    def neighbours(self, row: PairingRow, *, limit: int = 3) -> list[int]:
        """Return other pairings that share most themes with this one."""
        near = self.all.exclude(pk=row.pk).filter(topics__themes__slug__in=row.themes)
        near = sorted_pairings(near.alias(shared=Count("topics__themes", distinct=True)))
        keys = near.order_by(F("shared").desc(), *near.query.order_by).values_list("pk", flat=True)
        return list(keys[:limit])

    # Drawing ------------------------------------------------------------------------
    def drawable(self, pairings: "QuerySet[Pairing]") -> "QuerySet[Pairing]":
        """Keep those that the map can draw: at least two of their parties have a place."""
        placed = PairingMember.objects.filter(self._placed(), pairing=OuterRef("pk")).order_by()
        count = placed.values("pairing").annotate(count=Count("pk")).values("count")
        return pairings.alias(places=Subquery(count)).filter(places__gt=1)

    def _placed(self, path: str = "") -> Q:
        """Return the condition that a member has a place on the map, its own or a stand-in."""
        own = {f"{path}organisation__{name}__isnull": False for name in ("latitude", "longitude")}
        return Q(**own) | Q(**{f"{path}organisation__in": self._stood_in})

    @cached_property
    def _stood_in(self) -> list[int]:
        bodies = Organisation.objects.filter(origin=Origin.PUBLISHED, latitude__isnull=True)
        names = {name for name, _country in stand_ins()}
        return list(bodies.filter(name__in=names).values_list("pk", flat=True))

    def lines(self, pairings: "QuerySet[Pairing]") -> list[tuple[str, str, int]]:
        """Return between which countries how many of these pairings are drawn."""
        ends = PairingMember.objects.filter(
            self._placed(),
            self._placed("pairing__members__"),
            side=Side.EU,
            pairing__members__side=Side.PARTNER,
            pairing__in=pairings.values("pk"),
        ).order_by()
        return list(
            ends.values_list("organisation__country", "pairing__members__organisation__country")
            .annotate(pairings=Count("pairing", distinct=True))
            .order_by("-pairings", "organisation__country")
        )

    def places(self, pairings: "QuerySet[Pairing]") -> list[Placed]:
        """Return the countries of these pairings, those with most of them first."""
        east = F("organisation__longitude")
        members = PairingMember.objects.filter(
            pairing__in=pairings.values("pk"), organisation__latitude__isnull=False
        ).order_by()
        counted = (
            members.values("organisation__country", "organisation__country__name", "side")
            .annotate(
                pairings=Count("pairing", distinct=True),
                latitude=Avg("organisation__latitude"),
                longitude=Avg(
                    Case(When(organisation__longitude__lt=EDGE, then=east + 360), default=east)
                ),
            )
            .order_by("-pairings", "organisation__country")
        )
        return [
            Placed(
                code=found["organisation__country"],
                name=found["organisation__country__name"],
                is_european=found["side"] == Side.EU,
                pairings=found["pairings"],
                latitude=found["latitude"],
                longitude=found["longitude"],
            )
            for found in counted
        ]


# The newest state that this process has read.
_held: Directory | None = None
_reading = threading.Lock()


def version() -> Version | None:
    """Return what tells this state of the public list from every other; one query.

    None when the database is not watching (while it is migrated): nothing may be remembered.
    """
    noted = PublicChange.objects.aggregate(count=Count("pk"), sum=Sum("number"))
    return (noted["count"], int(noted["sum"])) if noted["count"] else None


def directory() -> Directory:
    """Return the public list as it is now: one query, and what is known of this state."""
    global _held  # noqa: PLW0603 - one for the process, as a cache is
    now = version()
    with _reading:
        if _held is None or now is None or _held.version != now:
            _held = Directory(now)
        return _held
