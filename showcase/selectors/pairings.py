"""Pairings as rows for lists, maps and downloads."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.kit.clocks import minutes_ahead, on_clock
from core.kit.text import fold
from pairings.models import Milestone, Pairing, PairingMember
from pairings.states import PairingStatus
from programme.models import Theme
from programme.states import Origin, Side
from showcase import map as world
from showcase.places import StandIn, stand_ins
from showcase.selectors.public import great_circle_km, public_pairings, public_themes


@dataclass(frozen=True)
class Party:
    """A paired organisation as the public sees it."""

    name: str
    slug: str
    side: str
    kind: str
    kind_label: str
    country: str
    country_code: str
    latitude: float | None
    longitude: float | None
    time_zone: str
    # Cities that belong to it, as (name, reference population or None).
    cities: tuple[tuple[str, int | None], ...]
    note: str = ""
    # Set when the body is no single place and another place marks it on the map.
    stand_in: StandIn | None = None

    @cached_property
    def point(self) -> world.Point | None:
        """Return its place on the drawn map, if it has one."""
        if self.latitude is None or self.longitude is None:
            return None
        return world.project(self.latitude, self.longitude)

    @property
    def is_approximate(self) -> bool:
        """Tell whether the place is a stand-in: the body is no single place."""
        return self.stand_in is not None

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
        places = [
            (party.latitude, party.longitude)
            for party in self.parties
            if party.latitude is not None and party.longitude is not None
        ]
        if len(places) < len(self.parties) or len(places) < 2:  # noqa: PLR2004 - a pair
            return None
        farthest = max(great_circle_km(*places[0], *other) for other in places[1:])
        return round(farthest / 10) * 10


def _published(pairings: QuerySet[Pairing]) -> QuerySet[Pairing]:
    """Keep what is no demo, and no record that a real pairing of the same cities overtook."""
    demo = Q(origin=Origin.DEMO) | Q(call__origin=Origin.DEMO)
    real = Pairing.objects.public().exclude(demo)
    overtaking = real.exclude(status=PairingStatus.PUBLISHED).values("members_key")
    overtaken = Q(status=PairingStatus.PUBLISHED, members_key__in=overtaking)
    return pairings.exclude(demo).exclude(overtaken)


def _with_parts(pairings: QuerySet[Pairing]) -> QuerySet[Pairing]:
    """Fetch what a row needs beside the parties and topics, in a fixed number of queries."""
    return pairings.prefetch_related(
        "members__organisation__organisationcity_set__city", "topics__themes"
    )


def _party(member: PairingMember) -> Party:
    body = member.organisation
    stand_in = None
    if body.latitude is None and body.origin == Origin.PUBLISHED:
        stand_in = stand_ins().get((body.name, body.country_id))
    return Party(
        name=body.name,
        slug=body.slug,
        side=member.side,
        kind=body.kind,
        kind_label=str(body.get_kind_display()),
        country=body.country.name,
        country_code=body.country_id,
        latitude=stand_in.latitude if stand_in else body.latitude,
        longitude=stand_in.longitude if stand_in else body.longitude,
        time_zone=stand_in.time_zone if stand_in else body.time_zone,
        cities=tuple(
            (link.city.name, link.city.reference_population)
            for link in body.organisationcity_set.all()
        ),
        note=body.note,
        stand_in=stand_in,
    )


def _row(pairing: Pairing) -> PairingRow:
    parties = [_party(member) for member in pairing.members.all()]
    topics = list(pairing.topics.all())
    return PairingRow(
        slug=pairing.slug,
        reference=pairing.reference,
        origin=pairing.origin,
        status=pairing.status,
        started_on=pairing.started_on,
        parties=tuple(sorted(parties, key=lambda party: not party.is_european)),
        topics=tuple(topic.name for topic in topics),
        themes=frozenset(theme.slug for topic in topics for theme in topic.themes.all()),
    )


def public_rows() -> list[PairingRow]:
    """Return every public pairing, by the name of the city in Europe."""
    return [_row(pairing) for pairing in _with_parts(_published(public_pairings()))]


def public_row(slug: str) -> tuple[PairingRow, Pairing] | None:
    """Return one public pairing with its record, or None."""
    pairing = _with_parts(_published(public_pairings()).filter(slug=slug)).first()
    return (_row(pairing), pairing) if pairing else None


def successor_of(slug: str) -> str | None:
    """Return the slug of the real pairing that overtook this published record, if any."""
    record = Pairing.objects.filter(slug=slug, status=PairingStatus.PUBLISHED)
    heirs = _published(Pairing.objects.public().exclude(status=PairingStatus.PUBLISHED))
    heirs = heirs.filter(members_key__in=record.values("members_key")).order_by("-id")
    return heirs.values_list("slug", flat=True).first()


@dataclass(frozen=True)
class Clock:
    """What the clocks of a party show, and how far ahead of the first party's they are."""

    party: Party
    time: str
    ahead: str


def _ahead(local: datetime, first: datetime) -> str:
    minutes = minutes_ahead(local, first)
    hours, rest = divmod(abs(minutes), 60)
    span = f"{hours}:{rest:02d}" if rest else str(hours)
    if minutes > 0:
        return _("%(span)s h ahead") % {"span": span}
    return _("%(span)s h behind") % {"span": span} if minutes else _("same time")


def clocks(row: PairingRow, now: datetime) -> list[Clock]:
    """Return the local times of the parties whose time zone is known."""
    found = [(party, party.local_time(now)) for party in row.parties]
    known = [(party, local) for party, local in found if local]
    return [
        Clock(
            party=party,
            time=time_format(local.time(), "H:i"),
            ahead=_ahead(local, known[0][1]) if index else "",
        )
        for index, (party, local) in enumerate(known)
    ]


def milestones_of(pairing: Pairing) -> list[Milestone]:
    """Return the milestones of a pairing made in the portal; published records have none."""
    return list(pairing.milestones.all())


def neighbours(row: PairingRow, rows: Iterable[PairingRow], *, limit: int = 3) -> list[PairingRow]:
    """Return other pairings that share most themes with this one."""
    others = [other for other in rows if other.slug != row.slug and other.themes & row.themes]
    others.sort(key=lambda other: (-len(other.themes & row.themes), fold(other.name)))
    return others[:limit]


# Filters -----------------------------------------------------------------------------
def filtered_rows(
    rows: Sequence[PairingRow],
    *,
    text: str = "",
    europe: str = "",
    partner: str = "",
    theme: str = "",
    sort: str = "",
) -> list[PairingRow]:
    """Return those of `rows` that fit every given filter; one query.

    `sort` is "eu", "partner" or "distance", with "-" before it to turn it round. Rows
    without a distance come last both ways.
    """
    found = _published(
        public_pairings(
            search=text,
            eu_country=europe,
            partner_country=partner,
            theme=theme,
            sort=sort or "eu",
        )
    )
    by_slug = {row.slug: row for row in rows}
    slugs = found.prefetch_related(None).values_list("slug", flat=True)
    chosen = [by_slug[slug] for slug in slugs if slug in by_slug]
    if sort.removeprefix("-") == "distance":
        far = [row for row in chosen if row.distance is not None]
        far.sort(key=lambda row: row.distance or 0, reverse=sort.startswith("-"))
        chosen = far + [row for row in chosen if row.distance is None]
    return chosen


def country_choices(rows: Iterable[PairingRow], *, european: bool) -> list[tuple[str, str]]:
    """Return the countries of one side as choices, by name."""
    found = {
        party.country_code: party.country
        for row in rows
        for party in (row.europe if european else row.partners)
    }
    return sorted(found.items(), key=lambda item: fold(item[1]))


def theme_choices() -> list[tuple[str, str]]:
    """Return the themes that pairings work on as choices."""
    return [(theme.slug, theme.name) for theme in public_themes()]


# Counts ------------------------------------------------------------------------------
@dataclass(frozen=True)
class Numbers:
    """Figures of the home page, counted from the pairings shown."""

    cities: int
    pairings: int
    partner_countries: int


def numbers(rows: Sequence[PairingRow]) -> Numbers:
    """Count cities (a group counts once), pairings and partner countries."""
    return Numbers(
        cities=len({party.slug for row in rows for party in row.parties}),
        pairings=len(rows),
        partner_countries=len(
            {party.country_code for row in rows for party in row.parties if not party.is_european}
        ),
    )


def theme_counts(rows: Iterable[PairingRow]) -> list[tuple[Theme, int]]:
    """Return the themes with their number of pairings; one pairing can have several."""
    counts = Counter(slug for row in rows for slug in row.themes)
    return [(theme, counts[theme.slug]) for theme in Theme.objects.all() if counts[theme.slug]]


def latest_rows(rows: Sequence[PairingRow], *, limit: int = 3) -> list[PairingRow]:
    """Return the pairings that started last; empty while none has a date."""
    dated = [row for row in rows if row.started_on]
    return sorted(dated, key=lambda row: row.started_on or date.min, reverse=True)[:limit]


def rows_of_the_day(rows: Sequence[PairingRow], *, day: date, limit: int = 3) -> list[PairingRow]:
    """Return pairings with different partner countries, others each day.

    The published list has no dates: these stand where there is no "latest".
    """
    by_country: dict[str, list[PairingRow]] = {}
    for row in rows:
        if row.is_on_map and row.partners:
            by_country.setdefault(row.partners[0].country_code, []).append(row)
    turn = day.toordinal()
    groups = [by_country[code] for code in sorted(by_country)]
    groups = [groups[(turn + shift) % len(groups)] for shift in range(min(limit, len(groups)))]
    return [group[turn % len(group)] for group in groups]
