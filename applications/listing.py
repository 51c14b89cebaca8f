"""The rows of the long list of staff, drawn with as little as possible for each of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from applications.models import Application
from applications.states import TONES, ApplicationStatus
from core.kit.templatetags.portal import moment

NONE = "–"


@dataclass(frozen=True)
class ListRow:
    """One application as the list shows it: words alone, nothing is asked or looked up later."""

    url: str
    city: str
    country: str
    country_code: str
    reference: str
    inhabitants: str
    theme: str
    more_themes: int
    # Names and what stands for them: countries, assessors.
    wants: list[tuple[str, str]]
    assessors: list[tuple[str, str]]
    status: SafeString
    sent: SafeString | str


def list_rows(applications: Iterable[Application]) -> list[ListRow]:
    """Return the rows of applications, as with_list_columns gives them."""
    return [_row(application) for application in applications]


def _row(application: Application) -> ListRow:
    organisation = application.organisation
    themes = list(application.themes.all())
    return ListRow(
        url=reverse("applications:staff_detail", args=[application.reference]),
        city=organisation.name,
        country=organisation.country.name,
        country_code=organisation.country_id,
        reference=application.reference or "",
        inhabitants=_inhabitants(application),
        theme=themes[0].name if themes else NONE,
        more_themes=len(themes) - 1,
        wants=[(country.name, country.pk) for country in application.partner_countries.all()],
        assessors=[
            (str(row.assessor), row.assessor.initials) for row in application.assignments.all()
        ],
        status=_pill(application.status, get_language()),
        sent=moment(application.submitted_at, "short day"),
    )


def _inhabitants(application: Any) -> str:
    """Return the declared total; municipalities are at hand."""
    figures = [row.population for row in application.municipalities.all()]
    if None in figures or not figures:
        return NONE
    return number_format(sum(figures), use_l10n=True, force_grouping=True)


@cache
def _pill(status: str, _language: str | None) -> SafeString:
    """Return the mark of a status: the same for every row, drawn once for each language."""
    known = ApplicationStatus(status)
    return render_to_string("components/status.html", {"label": known.label, "tone": TONES[known]})
