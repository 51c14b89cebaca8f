"""What needs a city's people now, each with its deadline and the page where it is done."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import User
from core.duties.catalogue import Ask, Duty, Kind, Row, Search, kinds, read_with
from core.kit.days import days_between, days_in_words, end_of, now, today
from core.kit.rows import which_exist
from programme.organisations.models import Membership

SOON = dt.timedelta(days=2)
# What is due further ahead can wait.
AHEAD = dt.timedelta(days=60)


@dataclass(frozen=True)
class Need:
    """One thing the person can do now, with its deadline if it has one."""

    duty: Duty
    # When the page is read.
    at: dt.datetime

    @property
    def title(self) -> str:
        """Return what there is to do."""
        return self.duty.words.title

    @property
    def is_late(self) -> bool:
        """Whether the deadline has passed."""
        return self.duty.is_late(self.at)

    @property
    def is_soon(self) -> bool:
        """Whether the deadline is close."""
        due = self.duty.due
        return due is not None and not self.is_late and due - self.at < SOON

    @property
    def can_wait(self) -> bool:
        """Whether the deadline is so far ahead that nobody needs to think of it now."""
        return self.duty.due is not None and self.duty.due - self.at > AHEAD

    @property
    def when(self) -> str:
        """Return the day in words: "Tomorrow", "In 6 days", "2 days overdue"; "" without one."""
        due = self.duty.due
        return days_in_words(days_between(self.at, due)) if due else ""


class Owed:
    """What the person and their organisations owe, whatever their own role is.

    A page that reads rows in which duties are looked for reads them by `read`, and both are one
    query; whatever has not been found so is asked for at the end.
    """

    def __init__(self, user: User, memberships: list[Membership]) -> None:
        self._user = user
        self.organisations = {each.organisation_id for each in memberships}
        owners = {f"organisation:{pk}" for pk in self.organisations} | {f"person:{user.pk}"}
        self._left: list[Iterable[Duty]] = [
            kind.find(Ask(owners=owners, due_until=_ahead(kind))) for kind in kinds().values()
        ]
        self._found: list[Duty] = []

    def read(self, rows: "QuerySet[Row]", wanted: Q) -> tuple[list[Row], list[Duty]]:
        """Return what `read_with` does for all duties that are looked for in these rows."""
        fitting = [each for each in self._left if isinstance(each, Search) and each.fits(rows)]
        found, duties = read_with(rows, wanted, fitting)
        self._left = [each for each in self._left if each not in fitting]
        self._found += duties
        return found, duties

    def all(self) -> list[Duty]:
        """Return every duty. One query says which of the searches that are left find any."""
        left = {f"search_{place}": each for place, each in enumerate(self._left)}
        searches = {name: each for name, each in left.items() if isinstance(each, Search)}
        there = which_exist(self._user, {name: each.found for name, each in searches.items()})
        for name, each in left.items():
            if name in there or name not in searches:
                self._found += each
        self._left = []
        return self._found


def _ahead(kind: Kind) -> dt.datetime | None:
    return None if kind.ahead is None else end_of(today() + dt.timedelta(days=kind.ahead))


def needs_among(duties: list[Duty], memberships: list[Membership]) -> list[Need]:
    """Return what the person's role lets them do, the most urgent first.

    What is done on the same page under the same name is one thing: its first date counts.
    """
    roles = {f"organisation:{each.organisation_id}": each.role for each in memberships}
    at = now()
    theirs: dict[tuple[str, str], Need] = {}
    for duty in sorted(duties, key=lambda duty: (duty.due is None, duty.due or at)):
        role = roles.get(duty.owner)
        if role is None or role in kinds()[duty.kind].to:
            theirs.setdefault((duty.page, duty.words.title), Need(duty, at))
    return sorted(
        theirs.values(),
        key=lambda need: (need.duty.due is None, need.duty.due or at, need.title),
    )
