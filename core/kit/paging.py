"""Long lists page by page: no page grows with the table."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

# Rows on a page, unless a list has its reason for another number.
ROWS = 50


# So far lists are counted and leafed through that hold hundreds of thousands of rows.
MOST_COUNTED = 10_000


def count_so_far(rows: "QuerySet[Any]") -> int:
    """Return the number of rows, MOST_COUNTED at most: the database stops counting there."""
    return rows.order_by()[:MOST_COUNTED].count()


class NewestPaginator(Paginator):
    """Leafs through the first MOST_COUNTED rows of a list that may be many times as long.

    Counting half a million rows takes longer than showing a page of them, and nobody opens the
    ten-thousandth page: what lies further back is found by the list's search. Who has counted the
    rows already, up to MOST_COUNTED at least, says how many there are: `counted`.
    """

    def __init__(self, *args: Any, counted: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._counted = counted

    @cached_property
    def count(self) -> int:
        """Return the number of rows, or MOST_COUNTED."""
        if self._counted is not None:
            return min(self._counted, MOST_COUNTED)
        rows: Any = self.object_list
        return count_so_far(rows)

    @property
    def has_more(self) -> bool:
        """Whether there may be rows behind the last page."""
        return self.count == MOST_COUNTED


def page_of(
    request: HttpRequest,
    rows: Any,
    *,
    size: int = ROWS,
    paginator: Callable[..., Paginator] = Paginator,
    holding: int = 0,
    counted: int | None = None,
) -> Page:
    """Return the page of a list that the address asks for with `?page=N`.

    `rows` is a queryset in a definite order, or a sequence. Nonsense gives the first page,
    a number too high the last one: an old bookmark still shows something. An address that asks
    for no page gets the one with the row at the place `holding`, counted from 0. Who has counted
    the rows already says how many there are: `counted`.
    """
    pages = paginator(rows, size)
    if counted is not None:
        pages.count = counted
    return pages.get_page(request.GET.get("page", holding // size + 1))
