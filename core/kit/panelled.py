"""Panels: what a room shows on a page of the floors below it, which do not know the room.

The socket is `panels.py`: `PANELS` lists what is shown where. A page says `{% panels "application"
application %}` where they stand, in the order of their numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from core.kit.sockets import plugged


@dataclass(frozen=True)
class Panel:
    """A part of a page: `place` names the page, `read` returns what its template shows.

    None shows nothing.
    """

    place: str
    order: int
    template: str
    read: Callable[[Any, Any], dict[str, Any] | None]


@cache
def panels_at(place: str) -> list[Panel]:
    """Return what is shown at a place, in order."""
    found = [panel for module in plugged("panels") for panel in module.PANELS]
    return sorted((panel for panel in found if panel.place == place), key=lambda panel: panel.order)
