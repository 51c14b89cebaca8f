"""What a page of the staff list shows beside the applications themselves, by their ids.

One query of plain values each: a page of fifty makes no row an object.
"""

from collections.abc import Callable, Collection
from typing import Any

from django.db.models import QuerySet

from applications.models import Application, Assignment, Municipality
from core.kit.sockets import plugged

Ids = Collection[int]


def why_nobody_is_named(calls: Collection[int]) -> dict[int, str]:
    """Return, for calls for which no assessor is named any more, the sentence that says why.

    The socket is `reach.py` with a function of this name.
    """
    found: dict[int, str] = {}
    for module in plugged("reach"):
        found |= module.why_nobody_is_named(calls)
    return found


def themes_by_id(ids: Ids) -> dict[int, list[str]]:
    """Return the themes of each, in their order."""
    rows = Application.themes.through.objects.filter(application__in=ids)
    return _by_id(rows.order_by("theme__order", "theme__name"), lambda name: name, "theme__name")


def wishes_by_id(ids: Ids) -> dict[int, list[tuple[str, str]]]:
    """Return the partner countries of each: name and code."""
    rows = Application.partner_countries.through.objects.filter(application__in=ids)
    names = ("country__name", "country")
    return _by_id(rows.order_by("country__search_name"), lambda *pair: pair, *names)


def populations_by_id(ids: Ids) -> dict[int, list[int | None]]:
    """Return the declared numbers of inhabitants of the municipalities of each."""
    rows = Municipality.objects.filter(application__in=ids)
    return _by_id(rows, lambda number: number, "population")


def assessors_by_id(ids: Ids) -> dict[int, list[str]]:
    """Return the names of the assessors of each, the first assigned first."""
    rows = Assignment.objects.filter(application__in=ids).order_by("at", "pk")
    names = ("assessor__full_name", "assessor__email")
    return _by_id(rows, lambda name, email: name or email, *names)


def _by_id(rows: "QuerySet[Any]", value: Callable[..., Any], *names: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for application, *values in rows.values_list("application", *names):
        found.setdefault(application, []).append(value(*values))
    return found
