"""The list of staff: columns and filters that an app brings to it.

The socket is `<app>/columns.py`: `COLUMNS` lists columns, `FILTERS` filters. For example

    COLUMNS = [ListColumn(key="owner", order=70, label=_("Owner"), load=owners_of)]
    FILTERS = [ListFilter(key="owner", label=_("Owner"), choices=owners, narrow=owned_by)]

A column that is not shown is not asked for. A room that plugs one in is found by itself. What
stands on the application, or on what it points at, is named by its path and read with the rows:

    ListColumn(key="contact", order=70, label=_("Contact"), path="contact_name")
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from accounts.models import User
from applications.models import Application
from core.kit.errors import Words
from core.kit.sockets import plugged

Rows = Sequence[Application]
Cells = Mapping[int, str | SafeString]


def _no_cells(_rows: Rows, _by: User) -> Cells:
    return {}


@dataclass(frozen=True)
class ListColumn:
    """A column of the list.

    `load(applications, by)` returns what stands in it, by the applications' ids, in a number of
    queries that does not grow; text is escaped, and none is a dash. With a `path` it is what the
    list has read there. `kind` is the class of its cells, `sort` a key of `selectors.SORTS`. One
    with a `permission` stands there for who has it.
    """

    key: str
    order: int
    label: Words
    load: Callable[[Rows, User], Cells] = _no_cells
    kind: str = ""
    sort: str = ""
    permission: str = ""
    # Whether it stands there until somebody chooses others.
    is_usual: bool = True
    path: str = ""

    @property
    def read_as(self) -> str:
        """Return the name under which the rows have what stands at its path."""
        return f"read_{self.key}"

    def cells(self, rows: Rows, by: User) -> Cells:
        """Return what stands in it, by the applications' ids."""
        if self.path:
            return {row.pk: getattr(row, self.read_as) for row in rows}
        return self.load(rows, by)


@dataclass(frozen=True)
class ListFilter:
    """A filter of the list: `choices(by)` gives values and labels, `narrow` keeps what fits one."""

    key: str
    label: Words
    choices: Callable[[User], Sequence[tuple[str, str]]]
    narrow: Callable[["QuerySet[Application]", User, str], "QuerySet[Application]"]
    permission: str = ""


@cache
def _columns() -> list[ListColumn]:
    found = [one for module in plugged("columns") for one in getattr(module, "COLUMNS", ())]
    return sorted(found, key=lambda one: one.order)


@cache
def _filters() -> list[ListFilter]:
    return [one for module in plugged("columns") for one in getattr(module, "FILTERS", ())]


def columns_for(by: User) -> list[ListColumn]:
    """Return the columns that the person can choose among, in order."""
    return [one for one in _columns() if not one.permission or by.has_perm(one.permission)]


def columns_shown(by: User, chosen: Sequence[str]) -> list[ListColumn]:
    """Return the columns that are chosen by their keys; the usual ones while none is."""
    known = columns_for(by)
    return [one for one in known if one.key in chosen] or [one for one in known if one.is_usual]


def read_along(columns: Sequence[ListColumn]) -> dict[str, str]:
    """Return the paths that the list reads with its rows for these columns, by their names."""
    return {one.read_as: one.path for one in columns if one.path}


def filters_for(by: User) -> list[ListFilter]:
    """Return the filters that the person is offered beside the plain ones."""
    return [one for one in _filters() if not one.permission or by.has_perm(one.permission)]


def narrowed_by_apps(
    rows: "QuerySet[Application]", by: User, chosen: Mapping[str, Any]
) -> "QuerySet[Application]":
    """Keep what the filters say that apps have brought."""
    for one in filters_for(by):
        if value := chosen.get(one.key):
            rows = one.narrow(rows, by, str(value))
    return rows
