"""What is due, to whom and until when: one catalogue, asked by every page and mail.

An app declares each kind of duty in its `duties.py`, found as a socket: one function that
answers an Ask with Duty objects, best as a Search, under the decorator `duty`. Readers ask
`find`: reminders, "What needs you now", the dates of the console, `manage.py duties`. A page
that reads the same rows anyway lets `read_with` find the duties among them.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, reduce
from operator import or_
from typing import Any, Generic, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.db.models import BooleanField, ExpressionWrapper, Model, Q, QuerySet
from django.utils.functional import Promise

from core.kit.days import ended_by, now
from core.kit.rows import NOTHING
from core.kit.sockets import plugged

# Among a kind's days before the date: the reminder once it has passed.
OVERDUE = 0
# Rows fetched at a time; what is prefetched with them is fetched as often.
CHUNK = 500

Row = TypeVar("Row", bound=Model)


def key_of(thing: Model) -> str:
    """Return how the catalogue names a thing or an owner: "call:3", "organisation:17"."""
    return f"{thing._meta.model_name}:{thing.pk}"  # noqa: SLF001 - Django's public name for it


@dataclass(frozen=True)
class Words:
    """What a page says of a duty, in the language of who reads it now."""

    title: str
    context: str = ""
    text: str = ""
    state: str = ""
    # As components/status.html takes it.
    tone: str = "progress"
    note: str = ""
    # What it consists of, where a page draws how far it is.
    parts: tuple[Any, ...] = ()


@dataclass(frozen=True, eq=False)
class Duty:
    """One thing that somebody owes, with its date and the page where it is done.

    `about` and `owner` are keys as `key_of` writes them; the owner is opaque here. A duty of
    whole days is due at the last second of a day in Brussels. `due` is None where no date is
    set. `say` and `facts` (what the words of its mail need) are called when somebody reads
    them, and not before: a look at a thousand duties writes no words.
    """

    kind: str
    about: str
    owner: str
    due: dt.datetime | None
    page: str
    say: Callable[[], Words]
    facts: Callable[[], Mapping[str, Any]] = dict
    done: bool = False
    whole_day: bool = False
    # When its owner was told of this date in another way: no reminder for the days before.
    told_at: dt.datetime | None = None

    @property
    def key(self) -> str:
        """Return what finds it again, see `find_again`."""
        return f"{self.kind}/{self.about}/{self.owner}"

    @cached_property
    def words(self) -> Words:
        """Return its words, written at the first reading."""
        return self.say()

    def is_late(self, at: dt.datetime) -> bool:
        """Whether its date has passed and it is not done."""
        return not self.done and self.due is not None and self.due < at


@dataclass(frozen=True)
class Ask:
    """What a reader wants to know; a finder answers every part of it in SQL.

    `owners` and `about` hold keys; a duty is about a thing when it hangs on it, as a draft
    does on its call. `call` is an id. The date lies after `due_from` and not after
    `due_until`, or so in one of the spans `due_in`. With a `reader`, a member of staff, only
    what they may see is found, in words for them, on pages of theirs. `done`: False asks for
    what is open, True for what is done, None for both; what nobody owes any more is never
    found. `nearest` asks for so many of each kind at most, those of the earliest dates in
    their order.
    """

    owners: Collection[str] | None = None
    about: Collection[str] | None = None
    call: int | None = None
    due_from: dt.datetime | None = None
    due_until: dt.datetime | None = None
    due_in: Collection[tuple[dt.datetime, dt.datetime]] | None = None
    reader: Any = None
    done: bool | None = False
    nearest: int | None = None
    now: dt.datetime = field(default_factory=now)

    @property
    def is_dated(self) -> bool:
        """Whether what has no date does not answer it."""
        return bool(self.due_from or self.due_until) or self.due_in is not None

    def search(
        self,
        rows: "QuerySet[Row]",
        duty: "Callable[[Row], Duty]",
        *,
        is_open: Q,
        is_done: Q,
        owner: Mapping[str, str],
        about: Mapping[str, str],
        due: str,
        whole_day: bool = False,
    ) -> "Search[Row]":
        """Return the search for those of the rows that answer this ask, and the duty of each.

        `owner` and `about` say by kind of key which field holds its id ("call":
        "pairing__call"); `due` names the field of the date, a day if `whole_day`.
        """
        asked = {None: is_open | is_done, True: is_done, False: is_open}[self.done]
        for keys, names in ((self.owners, owner), (self.about, about)):
            if keys is not None:
                asked &= _has_id(keys, names)
        if self.call is not None:
            asked &= _has_id([f"call:{self.call}"], about)
        if self.due_from or self.due_until:
            asked &= _lies_between(due, self.due_from, self.due_until, whole_day=whole_day)
        if self.due_in is not None:
            spans = (_lies_between(due, *span, whole_day=whole_day) for span in self.due_in)
            asked &= reduce(or_, spans, NOTHING)
        return Search(rows, asked, duty, due=due, nearest=self.nearest)


def _lies_between(
    due: str, start: dt.datetime | None, end: dt.datetime | None, *, whole_day: bool
) -> Q:
    """Return the condition that a date lies after the start and not after the end.

    Between two looks on one day no day ends: then nothing is asked of the database.
    """
    first, last = (ended_by(one) if whole_day and one else one for one in (start, end))
    if first is not None and first == last:
        return NOTHING
    after = Q() if first is None else Q(**{f"{due}__gt": first})
    return after if last is None else after & Q(**{f"{due}__lte": last})


def _has_id(keys: Collection[str], names: Mapping[str, str]) -> Q:
    """Return the condition that one of the fields holds an id of the keys of its kind."""
    which = Q()
    for kind, name in names.items():
        ids = [key.partition(":")[2] for key in keys if key.startswith(f"{kind}:")]
        if ids:
            which |= Q(**{f"{name}__in": ids})
    return which or NOTHING


@dataclass(frozen=True, eq=False)
class Search(Generic[Row]):
    """Where duties of a kind are looked for: rows, which of them owe it, the duty of a row.

    Whoever goes through it asks the database; the rows come one after the other, never all of
    them at once. With `nearest` only so many of the earliest dates in `due` come.
    """

    rows: "QuerySet[Row]"
    owed: Q
    duty: Callable[[Row], Duty]
    due: str
    nearest: int | None = None

    @property
    def found(self) -> "QuerySet[Row]":
        """Return the rows that owe it."""
        return self.rows.filter(self.owed)

    def __iter__(self) -> Iterator[Duty]:
        rows = self.found
        if self.nearest is not None:
            rows = rows.order_by(self.due, "pk")[: self.nearest]
        yield from map(self.duty, rows.iterator(chunk_size=CHUNK))

    def fits(self, rows: "QuerySet[Any]") -> bool:
        """Whether all it looks at stands in these rows too, so that `read_with` may join it."""
        own = self.rows.query
        return (
            self.rows.model is rows.model
            and not own.where
            and own.annotations.keys() <= rows.query.annotations.keys()
        )


def read_with(
    rows: "QuerySet[Row]", wanted: Q, searches: Sequence[Search[Row]]
) -> tuple[list[Row], list[Duty]]:
    """Return the wanted rows, and the duties that the searches find: one query for all.

    `rows` leaves none out, so that nothing owed is missed: what the page is after, `wanted`
    says. They bring along what the words of the duties need.
    """
    asked = {"is_wanted": wanted} | {f"owes_{n}": each.owed for n, each in enumerate(searches)}
    marks = {name: ExpressionWrapper(q, BooleanField()) for name, q in asked.items()}
    found: list[Any] = list(
        rows.annotate(**marks).filter(reduce(or_, (Q(**{name: True}) for name in asked)))
    )
    duties = [
        search.duty(row)
        for n, search in enumerate(searches)
        for row in found
        if getattr(row, f"owes_{n}")
    ]
    return [row for row in found if row.is_wanted], duties


@dataclass(frozen=True)
class Kind:
    """A kind of duty as its app declares it; see `duty`."""

    key: str
    label: str | Promise
    days: tuple[int, ...]
    to: tuple[str, ...]
    find: Callable[[Ask], Iterable[Duty]]
    watched: bool = False
    ahead: int | None = None

    def day_come(self, due: dt.datetime, at: dt.datetime) -> int | None:
        """Return the newest of the days before a date that has come at this time, or None."""
        left = due.astimezone(dt.UTC) - at.astimezone(dt.UTC)
        return min((days for days in self.days if left <= dt.timedelta(days=days)), default=None)


def duty(
    key: str,
    *,
    label: str | Promise,
    days: tuple[int, ...] = (),
    to: tuple[str, ...] = (),
    watched: bool = False,
    ahead: int | None = None,
) -> Callable[[Callable[[Ask], Iterable[Duty]]], Kind]:
    """Declare a kind of duty over the function that finds them.

    `days` before the date a reminder goes out, OVERDUE once it has passed; without days no
    mail is written. `to` names the roles, among the people of an owner that has roles, who
    are reminded and find it in their workspace. `watched`: staff see it among their dates.
    `ahead`: so many days before its date it first stands in the workspace (always, if None).
    """

    def declare(find: Callable[[Ask], Iterable[Duty]]) -> Kind:
        return Kind(key, label, days, to, find, watched=watched, ahead=ahead)

    return declare


@cache
def kinds() -> dict[str, Kind]:
    """Return every declared kind by its key, from the ground floor up."""
    found: dict[str, Kind] = {}
    for module in plugged("duties"):
        for value in vars(module).values():
            if not isinstance(value, Kind):
                continue
            if found.setdefault(value.key, value) is not value:
                message = f"Two apps declare the duty “{value.key}”."
                raise ImproperlyConfigured(message)
    return found


def find(ask: Ask, wanted: Iterable[Kind] | None = None) -> Iterator[Duty]:
    """Return the duties that answer, of the wanted kinds or of all, kind after kind."""
    for kind in kinds().values() if wanted is None else wanted:
        yield from kind.find(ask)


def find_again(key: str) -> Duty | None:
    """Return the duty of this key as it stands now; None when nobody owes it any more."""
    name, about, owner = key.split("/")
    kind = kinds().get(name)
    if kind is None:
        return None
    return next(iter(kind.find(Ask(about={about}, owners={owner}, done=None))), None)
