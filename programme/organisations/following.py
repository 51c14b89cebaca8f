"""What follows the name of an organisation, found by asking the apps.

Each app says in its `naming.py`: `FOLLOW`, functions of an organisation that write anew what holds
its name, and keep on what is past the name of its day; `CARRIES` and `KEEPS`, functions of an
organisation, a day and who looks that return what it is and how many: what has a new name from
that day on, and what keeps the one that it has.
"""

from dataclasses import dataclass

from core.kit.sockets import plugged
from programme.organisations.models import Organisation


@dataclass(frozen=True)
class Counted:
    """How many of what."""

    label: str
    count: int


def follow_name(organisation: Organisation) -> None:
    """Let all that holds the name of an organisation follow; call it under its lock."""
    for module in plugged("naming"):
        for follow in module.FOLLOW:
            follow(organisation)
