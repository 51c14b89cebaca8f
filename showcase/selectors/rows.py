"""Pairings as rows for lists, maps and downloads."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.kit.clocks import on_clock
from pairings.models import Pairing, PairingMember
from pairings.states import PairingStatus
from programme import map as world
from programme.organisations.models import OrganisationCity
from programme.organisations.states import OrganisationKind
from programme.states import Origin, Side
from showcase.places import StandIn, stand_ins


@dataclass(frozen=True)
class Party:
    """A paired organisation as the public sees it."""

    name: str
    slug: str
    side: str
    kind: str
    country: str
    country_code: str
    latitude: float | None
    longitude: float | None
    time_zone: str
    # Cities that belong to it, as (name, reference population or None).
    cities: tuple[tuple[str, int | None], ...]
    note: str = ""
    organisation: int = 0
    # What it is called now, where the pairing is past and has the name of its day.
    name_today: str = ""
    # What it was called before, each with the last day of that name.
    formerly: tuple[tuple[str, date], ...] = ()
    # Set when the body is no single place and another place marks it on the map.
    stand_in: StandIn | None = None

    @cached_property
    def point(self) -> world.Point | None:
        """Return its place on the drawn map, if it has one."""
        if self.latitude is None or self.longitude is None:
            return None
        return world.project(self.latitude, self.longitude)

    @property
    def kind_label(self) -> str:
        """Return what kind of body it is, in the reader's language."""
        return str(OrganisationKind(self.kind).label)

    @property
    def is_approximate(self) -> bool:
        """Tell whether the place is a stand-in: the body is no single place."""
        return self.stand_in is not None

    @property
    def is_called_otherwise(self) -> bool:
        """Tell whether it stands here under the name of its day, which is not that of today."""
        return self.name != self.name_today

    @property
    def is_european(self) -> bool:
        """Tell whether it stands on the European side."""
        return self.side == Side.EU

    @property
    def short_name(self) -> str:
        """Return the name without what stands in brackets, for labels on the map."""
        return self.name.split(" (")[0]

    def local_time(self, now: datetime) -> datetime | None:
        """Return the time on its clocks, if its time zone is known."""
        return on_clock(now, self.time_zone)


@dataclass(frozen=True)
class PairingRow:
    """A public pairing with its two or more parties, ready to be shown or downloaded."""

    pk: int
    slug: str
    reference: str
    origin: str
    status: str
    started_on: date | None
    parties: tuple[Party, ...]
    topics: tuple[str, ...]
    themes: frozenset[str] = field(default_factory=frozenset)

    @property
    def europe(self) -> list[Party]:
        """Return the parties on the European side."""
        return [party for party in self.parties if party.is_european]

    @property
    def partners(self) -> list[Party]:
        """Return the partners; a pairing within Europe shows its later parties here."""
        return [party for party in self.parties if not party.is_european] or list(self.parties[1:])

    @property
    def name(self) -> str:
        """Return the names of all parties as one phrase."""
        names = [party.name for party in self.parties]
        if len(names) == 1:
            return names[0]
        return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}

    @property
    def europe_names(self) -> str:
        """Return the names on the European side; empty where a pairing has no such side."""
        return ", ".join(party.name for party in self.europe)

    @property
    def partner_names(self) -> str:
        """Return the names of the partners."""
        return ", ".join(party.name for party in self.partners)

    @property
    def countries(self) -> list[str]:
        """Return the countries of its parties, each once."""
        return list(dict.fromkeys(party.country for party in self.parties))

    @property
    def europe_countries(self) -> list[str]:
        """Return the countries on the European side, each once."""
        return list(dict.fromkeys(party.country for party in self.europe))

    @property
    def partner_countries(self) -> list[str]:
        """Return the countries of the partners, each once."""
        return list(dict.fromkeys(party.country for party in self.partners))

    @property
    def topic_line(self) -> str:
        """Return the topics as published, as one line."""
        return str(capfirst("; ".join(self.topics)))

    @property
    def url(self) -> str:
        """Return the address of its page."""
        return reverse("showcase:pairing", args=[self.slug])

    @property
    def is_published_record(self) -> bool:
        """Tell whether it comes from the published list, without dates or states."""
        return self.status == PairingStatus.PUBLISHED

    @property
    def placed(self) -> list[Party]:
        """Return the parties that have a place on the map."""
        return [party for party in self.parties if party.point]

    @property
    def is_on_map(self) -> bool:
        """Tell whether the map can draw it: at least two of its parties have a place."""
        return len(self.placed) > 1

    @property
    def is_approximate(self) -> bool:
        """Tell whether a stand-in marks one of its parties."""
        return any(party.is_approximate for party in self.parties)

    @cached_property
    def distance(self) -> int | None:
        """Return how far apart its first party and the farthest other are, to 10 km."""
        return apart(
            [
                (party.latitude, party.longitude)
                for party in self.parties
                if party.latitude is not None and party.longitude is not None
            ],
            of=len(self.parties),
        )

    @property
    def map_key(self) -> str:
        """Return what its line is called where the map draws countries, not pairings."""
        ends = [*self.europe[:1], *self.partners[:1]]
        return "-".join(party.country_code for party in ends)


def apart(places: Sequence[tuple[float, float]], *, of: int) -> int | None:
    """Return how far the first place and the farthest other are apart, in km, to 10 km.

    None unless all of so many parties have a place, and there are two.
    """
    if len(places) < of or len(places) < 2:  # noqa: PLR2004 - a pair
        return None
    farthest = max(world.great_circle_km(*places[0], *other) for other in places[1:])
    return round(farthest / 10) * 10


def published(pairings: QuerySet[Pairing]) -> QuerySet[Pairing]:
    """Keep what is no demo, and no record that a real pairing of the same cities overtook."""
    demo = Q(origin=Origin.DEMO) | Q(call__origin=Origin.DEMO)
    real = Pairing.objects.public().exclude(demo)
    overtaking = real.exclude(status=PairingStatus.PUBLISHED).values("members_key")
    overtaken = Q(status=PairingStatus.PUBLISHED, members_key__in=overtaking)
    return pairings.exclude(demo).exclude(overtaken)


def load_rows(pks: Iterable[int]) -> dict[int, PairingRow]:
    """Return the pairings with these keys as rows: four queries, however many.

    Plain values, since all pairings are asked for when they are downloaded.
    """
    wanted = list(pks)
    parties = _parties(wanted)
    topics, themes = _topics(wanted)
    found = Pairing.objects.filter(pk__in=wanted).values_list(
        "pk", "slug", "reference", "origin", "status", "started_on"
    )
    return {
        pk: PairingRow(
            pk=pk,
            slug=slug,
            reference=reference,
            origin=origin,
            status=status,
            started_on=started_on,
            parties=tuple(sorted(parties[pk], key=lambda party: not party.is_european)),
            topics=tuple(topics[pk]),
            themes=frozenset(themes[pk]),
        )
        for pk, slug, reference, origin, status, started_on in found
    }


def _parties(wanted: list[int]) -> dict[int, list[Party]]:
    """Return the parties of each pairing, in order."""
    cities: dict[int, list[tuple[str, int | None]]] = defaultdict(list)
    links = OrganisationCity.objects.filter(organisation__pairing_members__pairing__in=wanted)
    for body, name, people in (
        links.order_by("order", "pk")
        .values_list("organisation", "city__name", "city__reference_population")
        .distinct()
    ):
        cities[body].append((name, people))
    parties: dict[int, list[Party]] = defaultdict(list)
    members = PairingMember.objects.filter(pairing__in=wanted).order_by("order", "pk")
    values: Iterable[Any] = members.values(
        "pairing",
        "side",
        "organisation",
        "called",
        country_code=F("organisation__country"),
        country=F("organisation__country__name"),
        **{f"its_{name}": F(f"organisation__{name}") for name in _FACTS},
    )
    for value in values:
        facts = {name: value[f"its_{name}"] for name in _FACTS}
        today, facts["name"] = facts["name"], value["called"] or facts["name"]
        origin = facts.pop("origin")
        stand_in = None
        if facts["latitude"] is None:
            stand_in = stand_in_of(facts["name"], value["country_code"], origin)
        if stand_in:
            facts["latitude"], facts["longitude"] = stand_in.latitude, stand_in.longitude
            facts["time_zone"] = stand_in.time_zone
        parties[value["pairing"]].append(
            Party(
                side=value["side"],
                country=value["country"],
                country_code=value["country_code"],
                cities=tuple(cities.get(value["organisation"], ())),
                stand_in=stand_in,
                organisation=value["organisation"],
                name_today=today,
                **facts,
            )
        )
    return parties


# What is read of an organisation besides its country.
_FACTS = ("name", "slug", "kind", "latitude", "longitude", "time_zone", "note", "origin")


def _topics(wanted: list[int]) -> tuple[dict[int, dict[str, None]], dict[int, set[str]]]:
    """Return the names of the topics of each pairing, and the slugs of their themes."""
    topics: dict[int, dict[str, None]] = defaultdict(dict)
    themes: dict[int, set[str]] = defaultdict(set)
    through = Pairing.topics.through.objects.filter(pairing__in=wanted)
    for pairing, topic, theme in through.order_by("topic__name").values_list(
        "pairing", "topic__name", "topic__themes__slug"
    ):
        topics[pairing][topic] = None
        if theme:
            themes[pairing].add(theme)
    return topics, themes


def stand_in_of(name: str, country_code: str, origin: str) -> StandIn | None:
    """Return the place that marks a published body without one."""
    return stand_ins().get((name, country_code)) if origin == Origin.PUBLISHED else None
