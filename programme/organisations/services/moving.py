"""What a merge does to each row, kept so that it can be undone."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Max

from programme.organisations.models import FormerOrganisation, MovedRow, Organisation
from programme.organisations.relations import (
    columns_of,
    columns_that_stay,
    columns_written,
    relations,
    rows_of,
)
from programme.organisations.states import MovedHow

# By relation the rows that lead to an organisation, by id with what stands in their columns.
Columns = dict[str, Any]
Rows = dict[int, Columns]
Picture = dict[str, Rows]
H = MovedHow
# What a merge makes anew; any other row that is new meanwhile is somebody else's.
MAKES = {
    "organisations.Neighbours.one",
    "organisations.Neighbours.other",
    "organisations.OrganisationName.organisation",
}


def picture_of(organisation: Organisation) -> Picture:
    """Return all that leads to an organisation, as it stands; a query for each relation."""
    return {
        name: {row.pk: columns_of(row) for row in rows_of(field, organisation)}
        for name, field in relations()
    }


def marks() -> dict[str, int]:
    """Return the newest id of each table that leads to organisations."""
    return {
        name: field.model._base_manager.aggregate(newest=Max("pk"))["newest"] or 0  # noqa: SLF001
        for name, field in relations()
    }


def keep_moves(merge: FormerOrganisation, goes: Picture, stays: Picture, now: Picture) -> None:
    """Keep what became of each row: `goes` and `stays` before the merge, `now` after it."""
    rows: list[MovedRow] = []
    written, same = columns_written(), columns_that_stay()
    for name, field in relations():
        before = {**goes[name], **stays[name]}
        columns = written.get(name, ())
        rows += _moved(name, goes[name], now[name], columns, same.get(name, ()))
        rows += _changed(name, stays[name], now[name], columns)
        rows += _removed(name, field, before, now[name])
        rows += _made(name, before, now[name]) if name in MAKES else ()
    kept = list(_each_once(rows))
    for row in kept:
        row.merge = merge
    MovedRow.objects.bulk_create(kept)


def _moved(
    name: str, before: Rows, after: Rows, written: tuple[str, ...], same: tuple[str, ...]
) -> Iterator[MovedRow]:
    for pk, old in before.items():
        if pk in after:
            columns = {*same, *_changed_columns(old, after[pk], written)}
            yield _row(name, pk, H.MOVED, (old, after[pk]), columns)


def _changed(name: str, before: Rows, after: Rows, written: tuple[str, ...]) -> Iterator[MovedRow]:
    for pk, old in before.items():
        new = after.get(pk, old)
        if columns := _changed_columns(old, new, written):
            yield _row(name, pk, H.CHANGED, (old, new), columns)


def _changed_columns(old: Columns, new: Columns, written: tuple[str, ...]) -> set[str]:
    return {column for column in written if old[column] != new[column]}


def _row(
    name: str, pk: int, how: MovedHow, values: tuple[Columns, Columns], columns: set[str]
) -> MovedRow:
    old, new = values
    return MovedRow(
        relation=name,
        row_id=pk,
        how=how,
        before={column: old[column] for column in sorted(columns)},
        after={column: new[column] for column in sorted(columns)},
    )


def _removed(name: str, field: Any, before: Rows, after: Rows) -> Iterator[MovedRow]:
    """Yield what is gone. Of people it keeps whom the row was about, and nobody else."""
    people = {
        each.attname: each.null
        for each in field.model._meta.concrete_fields  # noqa: SLF001 - Django's name
        if each.related_model is get_user_model()
    }
    for pk, old in before.items():
        if pk in after or field.model._base_manager.filter(pk=pk).exists():  # noqa: SLF001
            continue
        about = next((old[column] for column, may_lack in people.items() if not may_lack), None)
        values = {column: value for column, value in old.items() if not people.get(column)}
        yield MovedRow(relation=name, row_id=pk, how=H.REMOVED, before=values, person_id=about)


def _made(name: str, before: Rows, after: Rows) -> Iterator[MovedRow]:
    for pk in after:
        if pk not in before:
            yield MovedRow(relation=name, row_id=pk, how=H.MADE)


def _each_once(rows: list[MovedRow]) -> Iterator[MovedRow]:
    """Leave out what leads to organisations twice and was met before: it is one row."""
    seen: set[tuple[str, int]] = set()
    for row in rows:
        key = (row.relation.rpartition(".")[0], row.row_id)
        if row.how in (H.REMOVED, H.MADE):
            if key in seen:
                continue
            seen.add(key)
        yield row
