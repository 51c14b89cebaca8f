"""Organisations that are probably one: of who is about to register it, and in the register."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise

from accounts.models import User
from core.kit.rows import number_of
from core.kit.text import fold
from programme.models import City, Country
from programme.names import core_skeleton
from programme.organisations.models import (
    LikelyDouble,
    Membership,
    Neighbours,
    Organisation,
    OrganisationCity,
    OrganisationName,
)
from programme.organisations.states import Alike, MembershipRole, Standing

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
    *,
    name: str,
    country: Country,
    city: City | None = None,
    but: Organisation | None = None,
    is_new_name: bool = False,
) -> list[Double]:
    """Return the organisations of a country that a reader would take for this one.

    Those of the same name first, then those of the same place, by whatever name, then those
    whose name differs by little or goes on. What was not confirmed is none, nor what was found
    to be a neighbour of `but`, unless it gets a new name, of which nobody has thought then. At
    most SHOWN, in four queries, five for one that is there.
    """
    known = with_people(_lasting().exclude(standing=Standing.REFUSED))
    if but is not None:
        known = known.exclude(pk=but.pk)
        if not is_new_name:
            known = known.exclude(pk__in=_neighbours_of(but))
    found = _alike(known, name=name, country=country, city=city)
    return [Double(row, why.label) for row, why in found.items()][:SHOWN]


def looks_like(organisation: Organisation) -> dict[Organisation, Alike]:
    """Return what a reader would take for an organisation, whatever staff found of it since."""
    seat = organisation.cities.order_by("organisationcity__order").first()
    others = _lasting().exclude(pk=organisation.pk)
    found = _alike(others, name=organisation.name, country=organisation.country, city=seat)
    # The other way round: what has a name that this one had, or will have.
    names = organisation.names.order_by().values("skeleton")
    for row in others.filter(country=organisation.country, skeleton__in=names)[:SHOWN]:
        found.setdefault(row, Alike.CALLED)
    return found


def _alike(
    known: "QuerySet[Organisation]", *, name: str, country: Country, city: City | None
) -> dict[Organisation, Alike]:
    """Return which of some organisations look like one of this name and place, and why."""
    known = known.filter(country=country)
    own = core_skeleton(name)
    same_name = Q(skeleton=own) | Q(search_name=fold(name))
    once = OrganisationName.objects.filter(same_name).order_by().values("organisation")
    called = known.filter(same_name | Q(pk__in=once))[:SHOWN]
    found = {
        row: Alike.NAME if own == row.skeleton or row.search_name == fold(name) else Alike.CALLED
        for row in called
    }
    if city is not None:
        seats = OrganisationCity.objects.filter(organisation=OuterRef("pk"), city=city)
        names = city.names.filter(word=0).values_list("name", flat=True)
        at_place = Q(Exists(seats)) | Q(skeleton__in={core_skeleton(each) for each in names})
        for row in known.filter(at_place)[:SHOWN]:
            found.setdefault(row, Alike.PLACE)
    for row in known.filter(skeleton__startswith=own[:2])[:COMPARED]:
        if _is_alike(own, row.skeleton):
            found.setdefault(row, Alike.NEARLY)
    return found


def _lasting() -> "QuerySet[Organisation]":
    return Organisation.objects.lasting()


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
    """An organisation, and those of its country that look like it."""

    organisation: Organisation
    doubles: list[Double]


def likely_pairs(*, user: User, country: str = "") -> "QuerySet[LikelyDouble]":
    """Return which two of the organisations that the person acts on look alike.

    Not those that were found to be two. `with_organisations` reads what a page of them shows.
    """
    acted_on = Organisation.objects.reached_by(user).lasting().exclude(standing=Standing.REFUSED)
    if country:
        acted_on = acted_on.filter(country=country)
    known = acted_on.order_by().values("pk")
    decided = Neighbours.objects.filter(one=OuterRef("one"), other=OuterRef("other"))
    return LikelyDouble.objects.filter(~Exists(decided), one__in=known, other__in=known)


def with_organisations(page: Iterable[LikelyDouble]) -> list[AlikeGroup]:
    """Return the pairs of a page, those of one organisation together; one query."""
    pairs = list(page)
    asked = {pk for pair in pairs for pk in (pair.one_id, pair.other_id)}
    known = with_people(Organisation.objects.filter(pk__in=asked)).in_bulk()
    groups: dict[int, AlikeGroup] = {}
    for pair in pairs:
        group = groups.setdefault(pair.one_id, AlikeGroup(known[pair.one_id], []))
        group.doubles.append(Double(known[pair.other_id], pair.get_why_display()))
    return list(groups.values())
