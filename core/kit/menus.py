"""Menus: an app says which of its pages stand in them, and for whom.

The socket is `menu.py` with a list `ENTRIES`; whoever shows the menus finds it by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from core.kit.errors import Words


@dataclass(frozen=True)
class Entry:
    """One line of a menu.

    `area` names the menu and `section` its heading, both from the list of who shows the
    menus; `order` is the place under the heading. `name` is the URL name of a page without
    arguments. Without `permission` everybody sees it who sees the menu. `count` returns the
    rows that wait for the person; their number stands beside the entry.
    """

    area: str
    order: int
    name: str
    label: Words
    icon: str = ""
    section: str = ""
    permission: str = ""
    count: Callable[[Any], "QuerySet[Any]"] | None = None
