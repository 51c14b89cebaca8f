"""The rows of the long list of staff, drawn with as little as possible for each of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts.models import initials_of
from applications.models import Application
from applications.selectors import Beside, beside
from applications.states import TONES, ApplicationStatus
from core.kit.templatetags.portal import moment

NONE = "–"
HERE = "REFERENCE"


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
    # Countries and assessors, each by what stands for the name.
    wants: SafeString
    assessors: SafeString
    status: SafeString
    sent: SafeString | str


def list_rows(applications: Iterable[Application]) -> list[ListRow]:
    """Return the rows of applications, as with_list_columns gives them."""
    rows = list(applications)
    known = beside([row.pk for row in rows])
    # One address is built for all: references hold nothing that an address would quote.
    address = reverse("applications:staff_detail", args=[HERE])
    return [_row(row, known, address) for row in rows]


def _row(application: Application, known: Beside, address: str) -> ListRow:
    organisation, key = application.organisation, application.pk
    reference = application.reference or ""
    themes = known.themes.get(key, [])
    return ListRow(
        url=address.replace(HERE, reference),
        city=organisation.name,
        country=organisation.country.name,
        country_code=organisation.country_id,
        reference=reference,
        inhabitants=_inhabitants(known.populations.get(key, [])),
        theme=themes[0] if themes else NONE,
        more_themes=len(themes) - 1,
        wants=_short(known.countries.get(key, [])),
        assessors=_short(
            (name or email, initials_of(name or email))
            for name, email in known.assessors.get(key, [])
        ),
        status=_pill(application.status, get_language()),
        sent=moment(application.submitted_at, "short day"),
    )


def _inhabitants(figures: list[int | None]) -> str:
    """Return the declared total, unless one of the municipalities lacks its number."""
    numbers = [figure for figure in figures if figure is not None]
    if not numbers or len(numbers) < len(figures):
        return NONE
    return number_format(sum(numbers), use_l10n=True, force_grouping=True)


def _short(names: Iterable[tuple[str, str]]) -> SafeString:
    """Return names by what stands for each: fifty rows would draw them more slowly in a loop."""
    return format_html_join(", ", '<abbr title="{}">{}</abbr>', names)


@cache
def _pill(status: str, _language: str | None) -> SafeString:
    """Return the mark of a status: the same for every row, drawn once for each language."""
    known = ApplicationStatus(status)
    return render_to_string("components/status.html", {"label": known.label, "tone": TONES[known]})
