"""Organisations that are probably the one that somebody is about to register."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.kit.rows import number_of
from core.kit.text import fold
from programme.models import City, Country
from programme.names import core_skeleton
from programme.organisations.models import Membership, Neighbours, Organisation, OrganisationCity
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
    found = {row: _("The name is the same.") for row in known.filter(same_name)[:SHOWN]}
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
