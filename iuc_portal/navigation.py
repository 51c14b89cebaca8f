"""What stands in the menus, for whom. An entry whose address does not exist is left out."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.states import StaffRole

Words = str | Promise

ALL = frozenset(StaffRole.values) - {StaffRole.NONE}
OFFICE = ALL - {StaffRole.ASSESSOR}
READERS = frozenset({StaffRole.COORDINATOR, StaffRole.OBSERVER})
LEADS = frozenset({StaffRole.COORDINATOR})


@dataclass(frozen=True)
class Entry:
    """One line of a menu as it is written down here."""

    name: str
    label: Words
    icon: str = ""
    roles: frozenset[str] = ALL


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


MENUS: dict[str, list[tuple[Words, list[Entry]]]] = {
    "public": [
        (
            "",
            [
                Entry("showcase:calls", _("Calls")),
                Entry("showcase:pairings", _("Pairings")),
                Entry("showcase:about", _("About")),
            ],
        )
    ],
    "city": [
        (
            "",
            [
                Entry("homes:workspace", _("My workspace")),
                Entry("applications:mine", _("Applications")),
                Entry("pairings:mine", _("Pairing")),
                Entry("action_plans:mine", _("Action plan")),
            ],
        )
    ],
    "staff": [
        (
            _("Work"),
            [
                Entry("homes:console", _("Home"), "home"),
                Entry("applications:staff_list", _("Applications"), "files"),
                Entry("pairings:staff_list", _("Pairings"), "pair", OFFICE),
                Entry("action_plans:staff_list", _("Action plans"), "book", OFFICE),
                Entry("reminders:outbox", _("Mail outbox"), "mail", OFFICE),
            ],
        ),
        (
            _("Set up"),
            [
                Entry("calls:staff_calls", _("Calls"), "calendar", OFFICE),
                Entry(
                    "questionnaires:staff_templates",
                    _("Questionnaires"),
                    "copy",
                    OFFICE,
                ),
                Entry(
                    "organisations:staff_organisations",
                    _("Organisations"),
                    "building",
                    OFFICE,
                ),
                Entry("organisations:staff_people", _("People and rights"), "key", LEADS),
            ],
        ),
        (
            _("Records"),
            [
                Entry("trail:audit", _("Audit trail"), "history", READERS),
                Entry("portal:components", _("Components"), "grid"),
            ],
        ),
    ],
}


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
    """Return a menu for one request.

    `current` names the open entry where the address does not tell; `counts` gives the
    number shown beside an entry, by its URL name.
    """
    path = request.path if request else ""
    role = getattr(getattr(request, "user", None), "staff_role", "")
    result = []
    for label, entries in MENUS[area]:
        items = []
        for entry in entries:
            url = _address(entry.name)
            if url is None or (area == "staff" and role not in entry.roles):
                continue
            opened = _is_open(url, entry.name, path, current)
            count = (counts or {}).get(entry.name)
            items.append(Item(entry.label, url, entry.icon, count, opened))
        if items:
            result.append(Section(label, items))
    return result
