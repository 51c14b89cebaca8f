"""Long lists page by page: no page grows with the table."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

# Rows on a page, unless a list has its reason for another number.
ROWS = 50


def page_of(request: HttpRequest, rows: Any, *, size: int = ROWS) -> Page:
    """Return the page of a list that the address asks for with `?page=N`.

    `rows` is a queryset in a definite order, or a sequence. Nonsense gives the first page,
    a number too high the last one: an old bookmark still shows something.
    """
    return Paginator(rows, size).get_page(request.GET.get("page"))
