"""The names of an organisation with their days, and what a new one would change."""

import datetime as dt
from dataclasses import dataclass
from itertools import zip_longest

from accounts.models import User
from core.kit import days
from core.kit.sockets import plugged
from programme.organisations.following import Counted
from programme.organisations.models import Organisation, OrganisationName


@dataclass(frozen=True)
class NameShown:
    """A name with its days, for a page."""

    row: OrganisationName
    until: dt.date | None
    is_today: bool
    is_to_come: bool
    may_be_taken_back: bool


@dataclass(frozen=True)
class Follows:
    """What has a new name once it counts, and what keeps the one it has."""

    carries: list[Counted]
    keeps: list[Counted]


def names_shown(organisation: Organisation) -> list[NameShown]:
    """Return the names, the newest first; none where it was never renamed."""
    own = organisation.own_names
    today = days.today()
    found = []
    for row, later in zip_longest(own, own[1:]):
        until = later.from_day - dt.timedelta(days=1) if later and later.from_day else None
        has_begun = row.from_day is None or row.from_day <= today
        found.append(
            NameShown(
                row=row,
                until=until,
                is_today=has_begun and (until is None or until >= today),
                is_to_come=not has_begun,
                may_be_taken_back=later is None and row.from_day is not None,
            )
        )
    return found[::-1]


def what_follows(organisation: Organisation, by: User) -> Follows:
    """Return what a new name from today on would change, and what not, as `by` may know it."""
    today = days.today()

    def counted(name: str) -> list[Counted]:
        found = [
            Counted(*count(organisation, today, by))
            for module in plugged("naming")
            for count in getattr(module, name)
        ]
        return [each for each in found if each.count]

    return Follows(counted("CARRIES"), counted("KEEPS"))
