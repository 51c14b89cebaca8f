"""Municipalities that two applications to one call name: by place, whatever each calls it."""

from collections.abc import Sequence

from django.db.models import Q

from applications.models import Application, Municipality
from applications.states import ApplicationStatus
from core.kit.text import fold
from programme.models import CityName
from programme.places import name_key

S = ApplicationStatus


def doubles_of(
    application: Application, members: Sequence[Municipality]
) -> list[tuple[Municipality, Municipality]]:
    """Return each municipality that another sent application to the call names too, with that row.

    Drafts of others are nobody's business. A working copy and what it stands for are one.
    """
    places = _places_of(members)
    names = _names_of({place for found in places.values() for place in found})
    same = Q(pk=None)
    for member in members:
        called = {member.search_name} | {n for place in places[member.pk] for n in names[place]}
        same |= Q(country=member.country_id) & (
            Q(city__in=places[member.pk]) | Q(search_name__in=called)
        )
    rows = (
        Municipality.objects.filter(same, application__call=application.call_id)
        .exclude(application__in=[pk for pk in (application.pk, application.revises_id) if pk])
        .exclude(application__status__in=[S.DRAFT, S.WITHDRAWN])
        .select_related("application__organisation")
        .order_by("application__reference", "pk")
    )
    return [
        (member, row)
        for row in rows
        for member in members
        if row.country_id == member.country_id
        and (
            row.city_id in places[member.pk]
            or row.search_name == member.search_name
            # Two places of one name, each chosen from the list, are two.
            or (row.city_id is None and _is_called(row, places[member.pk], names))
        )
        and not _are_two(member, row)
    ]


def _are_two(one: Municipality, other: Municipality) -> bool:
    return None not in {one.city_id, other.city_id} and one.city_id != other.city_id


def _is_called(row: Municipality, places: set[int], names: dict[int, set[str]]) -> bool:
    return any(row.search_name in names[place] for place in places)


def _places_of(members: Sequence[Municipality]) -> dict[int, set[int]]:
    """Return by municipality which places it can be: the chosen one, or those of its name."""
    found = {one.pk: {one.city_id} if one.city_id else set() for one in members}
    unknown = [one for one in members if not one.city_id]
    rows = list(
        CityName.objects.filter(
            search_name__in=[name_key(one.name) for one in unknown],
            city__country__in={one.country_id for one in unknown},
            word=0,
        ).values_list("search_name", "city", "city__name", "city__country")
    )
    for one in unknown:
        key = name_key(one.name)
        called = [row for row in rows if row[0] == key and row[3] == one.country_id]
        # Where one has it as its main name, those that are only also called so do not count.
        main = [row for row in called if name_key(row[2]) == key]
        found[one.pk] = {row[1] for row in main or called}
    return found


def _names_of(places: set[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {place: set() for place in places}
    for city, name in CityName.objects.filter(city__in=places, word=0).values_list("city", "name"):
        found[city].add(fold(name))
    return found
