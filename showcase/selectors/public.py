"""What the public reads of pairings. Published, running and completed ones only."""

from django.db.models import OuterRef, QuerySet, Subquery

from pairings.models import Pairing, PairingMember
from programme.states import Side

# What the database sorts the list by: the word in the address -> the annotation.
SORTS = {"eu": "eu_name", "partner": "partner_name"}


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
