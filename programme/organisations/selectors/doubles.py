"""Organisations that are probably the one that somebody is about to register."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from math import isqrt
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.kit.rows import number_of
from core.kit.text import fold
from programme.models import City, Country
from programme.names import core_skeleton
from programme.organisations.models import (
    Membership,
    Neighbours,
    Organisation,
    OrganisationCity,
    OrganisationName,
)
from programme.organisations.states import MembershipRole, Standing

# So alike are "Strasbourg" and "Strassburg"; "Lugo" and "Lucca" are not.
ALIKE = 0.85
# Names that are compared letter by letter at most: those of a country with one beginning.
COMPARED = 500
SHOWN = 8
# A shorter name begins too many others.
SHORTEST_BEGINNING = 4


@dataclass(frozen=True)
class Double:
    """An organisation that may be meant, and what speaks for it."""

    organisation: Organisation
    why: str | Promise


def with_people(found: "QuerySet[Organisation]") -> "QuerySet[Organisation]":
    """Add `people` and `leads` who can sign in, and read the country."""
    team = Membership.objects.filter(organisation=OuterRef("pk"), user__is_active=True)
    return found.select_related("country").annotate(
        people=number_of(team), leads=number_of(team.filter(role=MembershipRole.LEAD))
    )


def likely_doubles(
    *, name: str, country: Country, city: City | None = None, but: Organisation | None = None
) -> list[Double]:
    """Return the organisations of a country that a reader would take for this one.

    Those of the same name first, then those of the same place, by whatever name, then those
    whose name differs by little or goes on. What was not confirmed is none, nor what was found
    to be a neighbour of `but`. At most SHOWN, in four queries, five for one that is there.
    """
    lasting = Organisation.objects.lasting().exclude(standing=Standing.REFUSED)
    known = with_people(lasting.filter(country=country))
    if but is not None:
        known = known.exclude(pk__in=[but.pk, *_neighbours_of(but)])
    own = core_skeleton(name)
    same_name = Q(skeleton=own) | Q(search_name=fold(name))
    once = OrganisationName.objects.filter(same_name).order_by().values("organisation")
    called = known.filter(same_name | Q(pk__in=once))[:SHOWN]
    found = {
        row: _("The name is the same.")
        if own == row.skeleton or row.search_name == fold(name)
        else _("It was or will be called so.")
        for row in called
    }
    if city is not None:
        seats = OrganisationCity.objects.filter(organisation=OuterRef("pk"), city=city)
        names = city.names.filter(word=0).values_list("name", flat=True)
        at_place = Q(Exists(seats)) | Q(skeleton__in={core_skeleton(each) for each in names})
        for row in known.filter(at_place)[:SHOWN]:
            found.setdefault(row, _("It is the same place."))
    for row in known.filter(skeleton__startswith=own[:2])[:COMPARED]:
        if _is_alike(own, row.skeleton):
            found.setdefault(row, _("The names are alike."))
    return [Double(row, why) for row, why in found.items()][:SHOWN]


def _neighbours_of(organisation: Organisation) -> list[int]:
    """Return the ids of those that look like it and are others, as staff found."""
    rows = Neighbours.objects.filter(Q(one=organisation) | Q(other=organisation))
    pairs = rows.values_list("one", "other")
    return [other if one == organisation.pk else one for one, other in pairs]


def _is_alike(name: str, other: str) -> bool:
    shorter, longer = sorted((name, other), key=len)
    if len(shorter) >= SHORTEST_BEGINNING and longer.startswith(shorter):
        return True
    return SequenceMatcher(None, name, other).ratio() >= ALIKE


@dataclass(frozen=True)
class AlikeGroup:
    """Organisations of a country whose names a reader takes for the same."""

    country: Country
    organisations: list[Organisation]

    @property
    def pairs(self) -> list[tuple[Organisation, Organisation]]:
        """Return the first beside each of the others, as they are compared."""
        first, *others = self.organisations
        return [(first, other) for other in others]


def alike_groups(*, user: User, country: str = "") -> Any:
    """Return the names, by country, that several organisations have which the person acts on.

    A name all of whose bearers were found to be neighbours is none. To be counted and cut like
    a list: `with_organisations` reads what a page shows.
    """
    known = _alike(user)
    if country:
        known = known.filter(country=country)
    groups = (
        known.order_by()
        .values("country", "skeleton")
        .annotate(bearers=Count("pk"))
        .filter(bearers__gt=1)
        .order_by("country", "skeleton")
    )
    for found in _decided():
        groups = groups.exclude(**found)
    return groups


def with_organisations(page: Iterable[dict[str, Any]], user: User) -> list[AlikeGroup]:
    """Return the organisations of each name on a page, the oldest first; one query."""
    wanted = list(page)
    either = Q(pk__in=[])
    for row in wanted:
        either |= Q(country=row["country"], skeleton=row["skeleton"])
    found: dict[tuple[str, str], list[Organisation]] = {}
    for each in with_people(_alike(user).filter(either)).order_by("pk"):
        found.setdefault((each.country_id, each.skeleton), []).append(each)
    return [AlikeGroup(rows[0].country, rows) for rows in found.values()]


def _alike(user: User) -> "QuerySet[Organisation]":
    acted_on = Organisation.objects.reached_by(user).lasting()
    return acted_on.exclude(standing=Standing.REFUSED)


def _decided() -> list[dict[str, Any]]:
    """Return the names of which each two bearers were found to be two, with how many they are."""
    alike = Neighbours.objects.filter(
        one__country=F("other__country"), one__skeleton=F("other__skeleton")
    )
    rows = alike.order_by().values("one__country", "one__skeleton").annotate(number=Count("pk"))
    found = []
    for row in rows:
        # n bearers are n (n - 1) / 2 pairs.
        bearers = (1 + isqrt(1 + 8 * row["number"])) // 2
        found.append(
            {
                "country": row["one__country"],
                "skeleton": row["one__skeleton"],
                "bearers__lte": bearers,
            }
        )
    return found
