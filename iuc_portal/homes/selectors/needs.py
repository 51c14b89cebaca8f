"""What needs a city's people now, each with its deadline and the page where it is done."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Generic

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


@dataclass
class Deferred(Generic[Row]):
    """Rows of a page that most people have none of: read with all duties, if there are any."""

    rows: "QuerySet[Row]"
    wanted: Q
    found: list[Row] = field(default_factory=list)


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
        self._deferred: list[Deferred[Any]] = []

    def read(self, rows: "QuerySet[Row]", wanted: Q) -> tuple[list[Row], list[Duty]]:
        """Return what `read_with` does for all duties that are looked for in these rows."""
        fitting = [each for each in self._left if isinstance(each, Search) and each.fits(rows)]
        found, duties = read_with(rows, wanted, fitting)
        self._left = [each for each in self._left if each not in fitting]
        self._found += duties
        return found, duties

    def defer(self, rows: "QuerySet[Row]", wanted: Q) -> Deferred[Row]:
        """Return rows that `all` reads: as `read` does where there are any, else by no query."""
        deferred = Deferred(rows, wanted)
        self._deferred.append(deferred)
        return deferred

    def all(self) -> list[Duty]:
        """Return every duty. One query says which of what is left to read finds any."""
        left = {f"search_{place}": each for place, each in enumerate(self._left)}
        asked: dict[str, QuerySet[Any]] = {
            name: each.found for name, each in left.items() if isinstance(each, Search)
        }
        deferred = {f"rows_{place}": each for place, each in enumerate(self._deferred)}
        asked |= {name: each.rows.filter(each.wanted) for name, each in deferred.items()}
        there = which_exist(self._user, asked)
        for name, rows in deferred.items():
            if name in there:
                rows.found, _duties = self.read(rows.rows, rows.wanted)
        for name, each in left.items():
            # What was read along with rows is left no more.
            if any(each is one for one in self._left) and (name in there or name not in asked):
                self._found += each
        self._left, self._deferred = [], []
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
