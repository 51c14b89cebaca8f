"""What the public reads of pairings. Published, running and completed ones only."""

import math

from django.db.models import OuterRef, QuerySet, Subquery

from pairings.models import Pairing, PairingMember
from programme.states import Side

EARTH_RADIUS_KM = 6371.0088
# What the database sorts the list by: the word in the address -> the annotation.
SORTS = {"eu": "eu_name", "partner": "partner_name"}


def great_circle_km(
    latitude_a: float, longitude_a: float, latitude_b: float, longitude_b: float
) -> float:
    """Return the shortest way over the globe between two points (haversine)."""
    a, b = math.radians(latitude_a), math.radians(latitude_b)
    half_latitude = (b - a) / 2
    half_longitude = math.radians(longitude_b - longitude_a) / 2
    chord = math.sin(half_latitude) ** 2 + math.cos(a) * math.cos(b) * math.sin(half_longitude) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(chord, 1.0)))


def sorted_pairings(pairings: "QuerySet[Pairing]", sort: str = "eu") -> "QuerySet[Pairing]":
    """Sort by a word of SORTS, with "-" before it to turn it round; unknown words by the first."""

    def first(side: str) -> Subquery:
        members = PairingMember.objects.filter(pairing=OuterRef("pk"), side=side)
        return Subquery(members.order_by("order", "pk").values("organisation__search_name")[:1])

    pairings = pairings.alias(eu_name=first(Side.EU), partner_name=first(Side.PARTNER))
    field = SORTS.get(sort.removeprefix("-"), "eu_name")
    if sort.startswith("-"):
        field = f"-{field}"
    return pairings.order_by(field, "eu_name", "partner_name", "pk")
