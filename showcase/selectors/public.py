"""What the public reads of pairings. Published, running and completed ones only."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from pairings.models import Pairing, PairingMember
from pairings.selectors.common import matching, with_parties
from programme.models import Theme
from programme.states import Side

EARTH_RADIUS_KM = 6371.0088
# What the list may be sorted by: the word in the address -> the annotation.
SORTS = {
    "eu": "eu_name",
    "partner": "partner_name",
    "eu_country": "eu_country_name",
    "partner_country": "partner_country_name",
    "newest": "-created_at",
}


def public_pairings(
    *,
    search: str = "",
    eu_country: str = "",
    partner_country: str = "",
    theme: str = "",
    sort: str = "eu",
) -> "QuerySet[Pairing]":
    """Return the public pairings with members, countries and topics fetched.

    `search` folds accents over cities, countries and topics; the countries are ISO codes,
    `theme` is a slug; `sort` is a word of SORTS with "-" before it to turn it round. What
    is unknown is left out of account. Three queries, however many rows.
    """
    pairings = matching(Pairing.objects.public(), search)
    for side, code in ((Side.EU, eu_country), (Side.PARTNER, partner_country)):
        if code:
            pairings = pairings.filter(
                Exists(
                    PairingMember.objects.filter(
                        pairing=OuterRef("pk"), side=side, organisation__country=code.upper()
                    )
                )
            )
    if theme:
        through = Pairing.topics.through.objects.filter(
            pairing=OuterRef("pk"), topic__themes__slug=theme
        )
        pairings = pairings.filter(Exists(through))
    return with_parties(_sorted(pairings, sort))


def public_themes() -> "QuerySet[Theme]":
    """Return the themes that public pairings work on, for the filters."""
    through = Pairing.topics.through.objects.filter(
        topic__themes=OuterRef("pk"), pairing__in=Pairing.objects.public()
    )
    return Theme.objects.filter(Exists(through))


def great_circle_km(
    latitude_a: float, longitude_a: float, latitude_b: float, longitude_b: float
) -> float:
    """Return the shortest way over the globe between two points (haversine)."""
    a, b = math.radians(latitude_a), math.radians(latitude_b)
    half_latitude = (b - a) / 2
    half_longitude = math.radians(longitude_b - longitude_a) / 2
    chord = math.sin(half_latitude) ** 2 + math.cos(a) * math.cos(b) * math.sin(half_longitude) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(chord, 1.0)))


def distance_km(pairing: Pairing) -> int | None:
    """Return how far apart a pairing's cities are; in a trio the two farthest.

    None when the place of a side is not known.
    """
    ways = [arc.distance_km for arc in map_arcs([pairing])]
    return max(ways, default=None)


@dataclass(frozen=True)
class MapPoint:
    """A place on the map."""

    organisation_id: int
    name: str
    country: str
    side: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class MapArc:
    """A line between an EU city and a partner city of a pairing."""

    slug: str
    title: str
    eu: MapPoint
    partner: MapPoint

    @property
    def distance_km(self) -> int:
        """The length of the line over the globe."""
        return round(
            great_circle_km(
                self.eu.latitude,
                self.eu.longitude,
                self.partner.latitude,
                self.partner.longitude,
            )
        )


def map_arcs(pairings: Iterable[Pairing]) -> list[MapArc]:
    """Return the lines of the pairings: one per EU city and partner city in each.

    Organisations without a place are left out. Needs `with_parties`; makes no query.
    """
    return [
        MapArc(slug=pairing.slug, title=pairing.title, eu=eu, partner=partner)
        for pairing in pairings
        for eu in _points(pairing.eu_members)
        for partner in _points(pairing.partner_members)
    ]


def _points(members: Iterable[PairingMember]) -> list[MapPoint]:
    return [
        MapPoint(
            organisation_id=organisation.pk,
            name=organisation.name,
            country=organisation.country.name,
            side=member.side,
            latitude=organisation.latitude,
            longitude=organisation.longitude,
        )
        for member in members
        if (organisation := member.organisation).latitude is not None
        and organisation.longitude is not None
    ]


def _sorted(pairings: "QuerySet[Pairing]", sort: str) -> "QuerySet[Pairing]":
    def first(side: str, path: str) -> Subquery:
        members = PairingMember.objects.filter(pairing=OuterRef("pk"), side=side)
        return Subquery(members.order_by("order", "pk").values(path)[:1])

    pairings = pairings.alias(
        eu_name=first(Side.EU, "organisation__search_name"),
        partner_name=first(Side.PARTNER, "organisation__search_name"),
        eu_country_name=first(Side.EU, "organisation__country__search_name"),
        partner_country_name=first(Side.PARTNER, "organisation__country__search_name"),
    )
    turned = sort.startswith("-")
    field = SORTS.get(sort.removeprefix("-"), "eu_name")
    if turned:
        field = field.removeprefix("-") if field.startswith("-") else f"-{field}"
    return pairings.order_by(field, "eu_name", "partner_name", "pk")
