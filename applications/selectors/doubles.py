"""Municipalities that two applications to one call name: by place, whatever each calls it."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q

from applications.models import Application, Municipality
from applications.states import ApplicationStatus
from core.kit.text import fold
from programme.models import City, CityName
from programme.places import name_key

S = ApplicationStatus
# An application that is over stands in nobody's way: who was refused may join a group.
OVER = [S.WITHDRAWN, S.INELIGIBLE, S.REJECTED]


def doubles_of(
    application: Application, members: Sequence[Municipality], *, with_drafts: bool = False
) -> list[tuple[Municipality, Municipality]]:
    """Return each municipality that another sent application to the call names too, with that row.

    Drafts of others are nobody's business, unless they are to be told (`with_drafts`). A working
    copy and what it stands for are one.
    """
    found = doubles_by_application(
        [application], {application.pk: members}, with_drafts=with_drafts
    )
    return found[application.pk]


def doubles_by_application(
    applications: Iterable[Application],
    members_of: Mapping[int, Sequence[Municipality]],
    *,
    with_drafts: bool = False,
) -> dict[int, list[tuple[Municipality, Municipality]]]:
    """Return what `doubles_of` does for several at once, by id; two queries for all of them."""
    applications = list(applications)
    members = [member for one in applications for member in members_of[one.pk]]
    places, names = _places_of(members)
    called = {member.search_name for member in members}.union(*names.values())
    rows = list(
        Municipality.objects.filter(
            Q(city__in=list(names)) | Q(search_name__in=called),
            application__call__in={one.call_id for one in applications},
            country__in={member.country_id for member in members},
        )
        .exclude(application__status__in=OVER if with_drafts else [S.DRAFT, *OVER])
        .select_related("application__organisation")
        .order_by("application__reference", "pk")
    )
    return {
        one.pk: [
            (member, row)
            for row in rows
            if row.application.call_id == one.call_id
            and row.application_id not in (one.pk, one.revises_id)
            for member in members_of[one.pk]
            if _is_same(member, row, places[member.pk], names)
        ]
        for one in applications
    }


def _is_same(
    member: Municipality, row: Municipality, places: set[int], names: dict[int, set[str]]
) -> bool:
    # Two places of one name, each chosen from the list, are two.
    if member.country_id != row.country_id or _are_two(member, row):
        return False
    return (
        row.city_id in places
        or row.search_name == member.search_name
        or (row.city_id is None and _is_called(row, places, names))
    )


def _are_two(one: Municipality, other: Municipality) -> bool:
    return None not in {one.city_id, other.city_id} and one.city_id != other.city_id


def _is_called(row: Municipality, places: set[int], names: dict[int, set[str]]) -> bool:
    return any(row.search_name in names[place] for place in places)


def _places_of(members: Sequence[Municipality]) -> tuple[dict[int, set[int]], dict[int, set[str]]]:
    """Return by municipality which places it can be, and by place all its names; one query.

    It can be the chosen place, or else those of its name.
    """
    chosen = {one.city_id for one in members if one.city_id}
    unknown = [one for one in members if not one.city_id]
    called = CityName.objects.filter(
        search_name__in=[name_key(one.name) for one in unknown],
        city__country__in={one.country_id for one in unknown},
        word=0,
    ).order_by()
    either = called.values("city").union(City.objects.filter(pk__in=chosen).order_by().values("pk"))
    rows = list(
        CityName.objects.filter(city__in=either, word=0).values_list(
            "search_name", "name", "city", "city__name", "city__country"
        )
    )
    places = {one.pk: {one.city_id} if one.city_id else set() for one in members}
    for one in unknown:
        key = name_key(one.name)
        named = [row for row in rows if row[0] == key and row[4] == one.country_id]
        # Where one has it as its main name, those that are only also called so do not count.
        main = [row for row in named if name_key(row[3]) == key]
        places[one.pk] = {row[2] for row in main or named}
    names: dict[int, set[str]] = {place: set() for found in places.values() for place in found}
    for _key, name, city, _main, _country in rows:
        if city in names:
            names[city].add(fold(name))
    return places, names
