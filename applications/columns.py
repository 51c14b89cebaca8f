"""The columns of the staff list that need no room of their own."""

from collections.abc import Sequence
from functools import cache

from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User, initials_of
from applications.listing import short
from applications.lists import ListColumn
from applications.models import Application
from applications.selectors.beside import (
    assessors_by_id,
    populations_by_id,
    themes_by_id,
    wishes_by_id,
)
from applications.states import TONES, ApplicationStatus
from core.kit.templatetags.portal import moment

Rows = Sequence[Application]
Cells = dict[int, str | SafeString]


def _ids(rows: Rows) -> list[int]:
    return [row.pk for row in rows]


def _inhabitants(rows: Rows, _by: User) -> Cells:
    return {key: _total(figures) for key, figures in populations_by_id(_ids(rows)).items()}


def _total(figures: list[int | None]) -> str:
    """Return the declared total, unless one of the municipalities lacks its number."""
    numbers = [figure for figure in figures if figure is not None]
    if not numbers or len(numbers) < len(figures):
        return ""
    return number_format(sum(numbers), use_l10n=True, force_grouping=True)


def _themes(rows: Rows, _by: User) -> Cells:
    more = ' <span class="more">+{}</span>'
    return {
        key: format_html("{}" + more, names[0], len(names) - 1) if len(names) > 1 else names[0]
        for key, names in themes_by_id(_ids(rows)).items()
    }


def _wants(rows: Rows, _by: User) -> Cells:
    wishes = wishes_by_id(_ids(rows))
    anywhere = gettext("any")
    return {key: short(wishes[key]) if key in wishes else anywhere for key in _ids(rows)}


def _status(rows: Rows, _by: User) -> Cells:
    language = get_language()
    return {row.pk: _pill(row.status, language) for row in rows}


@cache
def _pill(status: str, _language: str | None) -> SafeString:
    """Return the mark of a status: the same for every row, drawn once for each language."""
    known = ApplicationStatus(status)
    return render_to_string("components/status.html", {"label": known.label, "tone": TONES[known]})


def _assessors(rows: Rows, _by: User) -> Cells:
    return {
        key: short((name, initials_of(name)) for name in names)
        for key, names in assessors_by_id(_ids(rows)).items()
    }


def _sent(rows: Rows, _by: User) -> Cells:
    return {row.pk: moment(row.submitted_at, "short day") for row in rows}


COLUMNS = [
    ListColumn("call", 10, _("Call"), path="call__title", is_usual=False),
    ListColumn("inhabitants", 20, _("Inhabitants"), _inhabitants, "number", sort="inhabitants"),
    ListColumn("themes", 30, _("Themes"), _themes),
    ListColumn("wants", 40, _("Wants"), _wants, "nowrap"),
    ListColumn("status", 50, _("Status"), _status, "nowrap", sort="status"),
    ListColumn("assessors", 60, _("Assessors"), _assessors),
    ListColumn("contact", 70, _("Contact"), path="contact_name", is_usual=False),
    ListColumn("sent", 90, _("Sent"), _sent, "number nowrap", sort="sent"),
]
