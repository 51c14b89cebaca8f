"""Looking as another role and remit: what the session holds of it, and what it makes of a person.

A coordinator sees the portal as a role sees it, never as a person does: assignments, cities and
everything else that is somebody's own stay their own.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.states import StaffRole
from core.kit import days

LASTS = dt.timedelta(minutes=30)
# A coordinator sees everything anyway.
ROLES = (StaffRole.REGIONAL_DESK, StaffRole.ASSESSOR, StaffRole.OBSERVER)
_KEY = "looking_as"


@dataclass(frozen=True)
class Looking:
    """A role, for a desk its countries (codes with names), and until when it is looked at."""

    role: str
    until: dt.datetime
    countries: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        """Whether its time is up."""
        return days.now() >= self.until

    def __str__(self) -> str:
        label = str(StaffRole(self.role).label)
        return f"{label} ({', '.join(self.countries.values())})" if self.countries else label


def looking_in(session: Any) -> Looking | None:
    """Return what the person of the session looks as, over or not; None for themselves."""
    kept = session.get(_KEY)
    if not kept:
        return None
    until = dt.datetime.fromisoformat(kept["until"])
    return Looking(kept["role"], until, kept["countries"])


def keep_looking(session: Any, looking: Looking) -> None:
    """Look as this from the next request on."""
    session[_KEY] = {
        "role": looking.role,
        "until": looking.until.isoformat(),
        "countries": dict(looking.countries),
    }


def forget_looking(session: Any) -> None:
    """Be oneself again."""
    session.pop(_KEY, None)


def look_as(person: Any, looking: Looking) -> None:
    """Let all rules judge this person object by the role that is looked at.

    It is not to be saved: the person has the role that is stored.
    """
    person.staff_role = looking.role
    person.is_staff = person.is_superuser = False
    person.looks_as = looking
