"""The rows of the long list of staff, drawn with as little as possible for each of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from applications.lists import ListColumn
from applications.models import Application

NONE = "–"
HERE = "REFERENCE"


def drawn_rows(
    applications: Sequence[Application],
    columns: Sequence[ListColumn],
    by: User,
    picked: Collection[int] | None = None,
) -> list[SafeString]:
    """Return the rows of applications, as with_list_columns gives them, as HTML.

    Each has a box, ticked for those `picked`; None of them for who picks none.
    """
    cells = [(_opening(column), column.cells(applications, by)) for column in columns]
    # One address is built for all: references hold nothing that an address would quote.
    address = reverse("applications:staff_detail", args=[HERE])
    return [
        _row(row, cells, address, "" if picked is None else _box(row, picked))
        for row in applications
    ]


def short(names: Iterable[tuple[str, str]]) -> SafeString:
    """Return names, each by what stands for it."""
    return format_html_join(", ", '<abbr title="{}">{}</abbr>', names)


def _escaped(text: Any) -> str:
    """Return text that HTML can hold; what is safe already as it is."""
    # Django's own does the same with more around it: of a thousand cells, a tenth of the page.
    return text if isinstance(text, SafeString) else escape(str(text))


def _opening(column: ListColumn) -> SafeString:
    return format_html('<td class="{}" data-label="{}">', column.kind, column.label)


def _box(application: Application, picked: Collection[int]) -> SafeString:
    return format_html(
        '<td><input class="form-check-input" type="checkbox" name="id" value="{}"'
        ' aria-label="{}"{}></td>',
        str(application.pk),
        application.organisation.name,
        SafeString(" checked") if application.pk in picked else "",
    )


def _row(
    application: Application,
    cells: Sequence[tuple[SafeString, Mapping[int, str | SafeString]]],
    address: str,
    box: SafeString | str,
) -> SafeString:
    organisation = application.organisation
    head = format_html(
        '<tr data-row>{}<th scope="row"><a href="{}">{}</a> '
        '<abbr class="country-code" title="{}">{}</abbr>'
        '<span class="subline">{}</span></th>',
        box,
        address.replace(HERE, application.reference or ""),
        organisation.name,
        organisation.country.name,
        organisation.country_id,
        application.reference or "",
    )
    key = application.pk
    drawn = [f"{opening}{_escaped(known.get(key) or NONE)}</td>" for opening, known in cells]
    # Every part was escaped above.
    return mark_safe("".join([head, *drawn, "</tr>"]))  # noqa: S308
