"""The menus: what the apps plug into them, for whom, with the numbers beside the entries.

An app brings its entries in its `menu.py` (core.kit.menus). Here stand the menus and their
headings alone. An entry whose address does not exist is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import sees_everything
from core.kit.errors import Words
from core.kit.menus import Entry
from core.kit.people import remember, remembered
from core.kit.rows import KeptQuery, asking_for_numbers, numbers_of
from core.kit.sockets import plugged

# What is remembered of the person until the page is drawn: the numbers beside the entries.
_COUNTED = "menu"
# The same numbers for who sees everything, on each page of theirs.
_NUMBERS = KeptQuery()
# Each menu with its headings in order; a menu in one piece has one without words.
MENUS: dict[str, dict[str, Words]] = {
    "public": {"": ""},
    "city": {"": ""},
    "staff": {"work": _("Work"), "setup": _("Set up"), "records": _("Records")},
}


@dataclass(frozen=True)
class Item:
    """One line of a menu as a page shows it."""

    label: Words
    url: str
    icon: str
    count: int | None
    current: bool


@dataclass(frozen=True)
class Section:
    """A heading of the side navigation with its items; other menus have one section."""

    label: Words
    items: list[Item]


@cache
def entries() -> list[Entry]:
    """Return what all apps plug in, in the order of the menus."""
    found = [entry for module in plugged("menu") for entry in module.ENTRIES]
    places = {
        (area, section): place
        for area, sections_of in MENUS.items()
        for place, section in enumerate(sections_of)
    }
    return sorted(found, key=lambda entry: (places[entry.area, entry.section], entry.order))


def entries_for(user: Any, area: str) -> list[Entry]:
    """Return what the person may open of a menu."""
    return [
        entry
        for entry in entries()
        if entry.area == area
        and (not entry.permission or (user is not None and user.has_perm(entry.permission)))
    ]


def _address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def _is_open(url: str, name: str, path: str, current: str | None) -> bool:
    """Tell whether the page belongs to the entry; a page may name its entry itself."""
    if current is not None:
        return current == name
    # The two home pages are the start of every address below them.
    if url in {"/my/", "/staff/"}:
        return path == url
    return path.startswith(url)


def sections(
    area: str,
    *,
    request: HttpRequest | None,
    current: str | None = None,
    counts: Mapping[str, int] | None = None,
) -> list[Section]:
    """Return a menu for one request; a heading without entries is left out.

    `current` names the open entry where the address does not tell; `counts` gives the
    number shown beside an entry, by its URL name.
    """
    path = request.path if request else ""
    items: dict[str, list[Item]] = {section: [] for section in MENUS[area]}
    for entry in entries_for(getattr(request, "user", None), area):
        url = _address(entry.name)
        if url is not None:
            count = (counts or {}).get(entry.name)
            opened = _is_open(url, entry.name, path, current)
            items[entry.section].append(Item(entry.label, url, entry.icon, count, opened))
    return [Section(MENUS[area][section], found) for section, found in items.items() if found]


def staff_counts(user: User) -> dict[str, int]:
    """Return what waits for a member of staff, by URL name: one query, whatever there is."""
    known: dict[str, int] | None = remembered(user, _COUNTED)
    if known is not None:
        return known
    if not sees_everything(user):
        # What a regional desk or an assessor sees hangs on more than who they are.
        return numbers_of(user, to_count(user))
    names = [one.name for one in _counted_entries(user)]
    key = (user.pk, user.staff_role, *names)
    found = _NUMBERS.rows(key, lambda: asking_for_numbers(user, to_count(user)))
    return dict(zip(names, found[0], strict=True)) if names and found else {}


def counted_with_menu(user: User, wanted: "Mapping[str, QuerySet[Any]]") -> dict[str, int]:
    """Return how many rows each queryset of a page has; the menu beside it costs no query more."""
    of_menu = to_count(user)
    numbers = numbers_of(user, {**of_menu, **wanted})
    remember(user, _COUNTED, {name: numbers[name] for name in of_menu})
    return numbers


def _counted_entries(user: User) -> list[Entry]:
    return [entry for entry in entries_for(user, "staff") if entry.count]


def to_count(user: User) -> "dict[str, QuerySet[Any]]":
    """Return what is counted beside the entries of a person's menu, by URL name."""
    counts = {entry.name: entry.count for entry in _counted_entries(user)}
    return {name: count(user) for name, count in counts.items() if count}
