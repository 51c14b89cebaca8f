"""Rows for spreadsheets."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

# What a spreadsheet takes for a formula when a cell starts with it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
CHUNK = 500


def harmless(value: Any) -> str:
    """Return a cell that no spreadsheet computes: an apostrophe makes it text."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def csv_rows(applications: Any) -> Iterator[list[str]]:
    """Return the heading and a row per application (as with_list_columns gives them)."""
    yield [
        _("Reference"),
        _("Applicant"),
        _("Country"),
        _("Call"),
        _("Status"),
        _("Inhabitants"),
        _("Municipalities"),
        _("Themes"),
        _("Partner countries"),
        _("Contact"),
        _("E-mail address"),
        _("Assessors"),
        _("Sent"),
    ]
    for row in applications.iterator(chunk_size=CHUNK):
        members = list(row.municipalities.all())
        yield [
            harmless(value)
            for value in (
                row.reference,
                row.organisation.name,
                row.organisation.country_id,
                row.call.code,
                row.get_status_display(),
                sum(member.population or 0 for member in members),
                "; ".join(member.name for member in members),
                "; ".join(theme.name for theme in row.themes.all()),
                "; ".join(c.pk for c in row.partner_countries.all()),
                row.contact_name,
                row.contact_email,
                "; ".join(str(a.assessor) for a in row.assignments.all()),
                row.submitted_at.isoformat() if row.submitted_at else "",
            )
        ]
