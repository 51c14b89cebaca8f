"""What a member of staff who leaves hands over: each app tells its own.

The socket is `handover.py` with a list `ITEMS`. The page shows what there is and asks who takes
it; one service moves all of it in one transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from core.kit.errors import Words
from core.kit.sockets import plugged


@dataclass(frozen=True)
class Item:
    """A kind of thing that is somebody's to do.

    `rows(person, by)` finds what is theirs, as far as who moves it (`by`) may see it;
    `receivers(person)` who may take it, themselves never among them. `hand(row=, to=, by=,
    reason=)` moves one row: a service with its lock, its right and its record, that raises a
    PortalError where the receiver may not have it. `tells` says one row in words. `key` is
    short, and names the field of the page.
    """

    key: str
    label: Words
    rows: Callable[[Any, Any], "QuerySet[Any]"]
    receivers: Callable[[Any], "QuerySet[Any]"]
    hand: Callable[..., Any]
    tells: Callable[[Any], str] = str


def items() -> list[Item]:
    """Return the kinds of all apps, from the ground floor up."""
    return [item for module in plugged("handover") for item in module.ITEMS]
