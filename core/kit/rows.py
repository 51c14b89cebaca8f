"""Rows that others write at the same time: re-read under a lock, or read a few at a time."""

from collections.abc import Iterator
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from core.kit.errors import WrongStateError

Row = TypeVar("Row", bound=Model)


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


def in_chunks(rows: "QuerySet[Row]", size: int = 500) -> "Iterator[Row]":
    """Return the rows in their order, fetched `size` at a time, for who writes in between.

    Nothing stays open from one row to the next: SQLite takes no write beside a half-read answer
    once somebody else has written. What is removed meanwhile is left out.
    """
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), size):
        found = rows.in_bulk(keys[start : start + size])
        yield from (found[key] for key in keys[start : start + size] if key in found)
