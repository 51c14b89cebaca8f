"""Rows: counted together, re-read under a lock, or read a few at a time while others write."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Exists, F, Func, IntegerField, Model, Q, QuerySet, Subquery, TextField
from django.utils.translation import gettext as _

from core.kit.errors import WrongStateError

Row = TypeVar("Row", bound=Model)

# The condition that no row fulfils.
NOTHING = Q(pk__in=[])


def still_there(rows: "QuerySet[Row]", pk: int) -> "Row":
    """Return a row re-read under the lock of what it belongs to.

    Raises WrongStateError when somebody has removed it since the page was loaded.
    """
    found = rows.filter(pk=pk).first()
    if found is None:
        raise WrongStateError(
            _("Somebody has removed this in the meantime. Load the page again."), code="gone"
        )
    return found


def know(row: Model, name: str, rows: "Iterable[Model]") -> None:
    """Let `row.<name>.all()` answer with rows that were read already, as after a prefetch."""
    known = getattr(row, name).all()
    # What prefetch_related itself writes down; there is no public name for it.
    known._result_cache = list(rows)  # noqa: SLF001
    known._prefetch_done = True  # noqa: SLF001
    vars(row).setdefault("_prefetched_objects_cache", {})[name] = known


def in_chunks(rows: "QuerySet[Row]", size: int = 500) -> "Iterator[Row]":
    """Return the rows in their order, fetched `size` at a time, for who writes in between.

    Nothing stays open from one row to the next: SQLite takes no write beside a half-read answer
    once somebody else has written. What is removed meanwhile is left out.
    """
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), size):
        found = rows.in_bulk(keys[start : start + size])
        yield from (found[key] for key in keys[start : start + size] if key in found)


def by_id(rows: "QuerySet[Row]", size: int = 500) -> "Iterator[Row]":
    """Return the rows by their id, fetched `size` at a time, for who writes in between.

    As `in_chunks`, but memory does not grow with how many there are.
    """
    last = 0
    while found := list(rows.order_by("pk").filter(pk__gt=last)[:size]):
        yield from found
        last = found[-1].pk


def in_slices(rows: "QuerySet[Any, Any]", size: int = 200) -> "Iterator[Any]":
    """Return rows in a definite order, for who stops early: each slice is longer than the last.

    Not `iterator()`: outside a transaction PostgreSQL would find all of them before the first.
    """
    start = 0
    while True:
        found = list(rows[start : start + size])
        yield from found
        if len(found) < size:
            return
        start, size = start + size, size * 10


class KeptQuery:
    """A query that pages ask again and again: its SQL is built once for each key.

    To build a long one takes longer than to ask it. What `build` returns may hang on the key
    alone: not on the time, and not on rows that it reads while it is built.
    """

    def __init__(self, most: int = 200) -> None:
        self._most = most
        self._known: dict[Hashable, tuple[str, tuple[Any, ...]]] = {}

    def rows(self, key: Hashable, build: "Callable[[], QuerySet[Any, Any]]") -> list[Any]:
        """Return what the query finds now, as tuples; `build` gives a `values_list`."""
        if key not in self._known:
            if len(self._known) >= self._most:
                self._known.clear()
            sql, values = build().query.sql_with_params()
            self._known[key] = sql, tuple(values)
        with connection.cursor() as cursor:
            cursor.execute(*self._known[key])
            return list(cursor.fetchall())


def numbers_of(stored: Model, wanted: "Mapping[str, QuerySet[Any]]") -> dict[str, int]:
    """Return how many rows each queryset has, all in one query.

    `stored` is any row that the database has: the query hangs on it.
    """
    row = asking_for_numbers(stored, wanted).first() if wanted else None
    return dict(zip(wanted, row or (), strict=False))


def asking_for_numbers(
    stored: Model, wanted: "Mapping[str, QuerySet[Any]]"
) -> "QuerySet[Any, Any]":
    """Return the query of `numbers_of`: one row with the numbers in the order of the names."""
    asked = {f"n{place}": number_of(rows) for place, rows in enumerate(wanted.values())}
    # Not type(): the person of a request is a proxy.
    found = stored.__class__._default_manager.filter(pk=stored.pk)  # noqa: SLF001 - Django's name
    return found.order_by().annotate(**asked).values_list(*asked)


def which_exist(stored: Model, wanted: "Mapping[str, QuerySet[Any]]") -> set[str]:
    """Return which of the querysets have a row, all in one query that hangs on a stored row."""
    asked = {name: Exists(rows) for name, rows in wanted.items()}
    found = stored.__class__._default_manager.filter(pk=stored.pk)  # noqa: SLF001 - Django's name
    row = found.annotate(**asked).values(*asked).first() if asked else None
    return {name for name, exists in (row or {}).items() if exists}


def number_of(rows: "QuerySet[Any]") -> Subquery:
    """Return the number of rows as a part of a larger query.

    Count so what hangs on the rows of a list, never by joins: two of them multiply each other.
    """
    plain = rows.order_by()
    if plain.query.distinct:
        plain = rows.model.objects.filter(pk__in=plain.values("pk")).order_by()
    # As a mere function it groups nothing, and gives 0 where there is no row.
    number = Func(function="COUNT", template="%(function)s(*)", output_field=IntegerField())
    return Subquery(plain.annotate(number_of_rows=number).values("number_of_rows"))


class _Joined(Func):
    """The texts of many rows as one, each on a line of its own."""

    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s, CHR(10))"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        template = "GROUP_CONCAT(%(expressions)s, CHAR(10))"
        return self.as_sql(compiler, connection, template=template, **extra)


def lines_of(rows: "QuerySet[Any]", name: str) -> Subquery:
    """Return a text of the rows, a line for each, as a part of a larger query; in no order."""
    return Subquery(
        rows.order_by().annotate(lines_of_rows=_Joined(F(name))).values("lines_of_rows")
    )
