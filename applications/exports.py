"""The list of applications as a table for spreadsheets."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.states import ApplicationStatus, Direction
from core.kit.tables import FORMATS, XLSX, Column, Table


def _joined(words: Iterable[Any]) -> str:
    return "; ".join(map(str, words))


def _outcome(decision: str | None) -> str:
    """Return the words of the newest decision; it stays when the city withdraws later."""
    return str(ApplicationStatus(decision).label) if decision else ""


def _topics(row: Any, direction: Direction) -> str:
    return _joined(one.topic.name for one in row.challenges.all() if one.direction == direction)


COLUMNS = (
    Column(gettext_lazy("Reference"), lambda row: row.reference),
    Column(gettext_lazy("Applicant"), lambda row: row.organisation.name, 30),
    Column(gettext_lazy("Country"), lambda row: row.organisation.country_id, 9),
    Column(gettext_lazy("Call"), lambda row: row.call.code, 9),
    Column(gettext_lazy("Status"), lambda row: row.get_status_display(), 16),
    Column(
        gettext_lazy("Inhabitants"),
        lambda row: sum(member.population or 0 for member in row.municipalities.all()),
        13,
    ),
    Column(
        gettext_lazy("Municipalities"),
        lambda row: _joined(member.name for member in row.municipalities.all()),
        30,
    ),
    Column(
        gettext_lazy("Themes"),
        lambda row: _joined(theme.name for theme in row.themes.all()),
        30,
    ),
    Column(
        gettext_lazy("Partner countries"),
        lambda row: _joined(country.pk for country in row.partner_countries.all()),
        12,
    ),
    Column(gettext_lazy("Wants to learn"), lambda row: _topics(row, Direction.LEARN), 30),
    Column(gettext_lazy("Can share"), lambda row: _topics(row, Direction.SHARE), 30),
    Column(
        gettext_lazy("Languages"),
        lambda row: _joined(language.code for language in row.organisation.languages.all()),
        12,
    ),
    Column(
        gettext_lazy("Kind of place"),
        lambda row: _joined(tag.name for tag in row.organisation.tags.all()),
        24,
    ),
    Column(
        gettext_lazy("Stakeholders"),
        lambda row: _joined(
            f"{one.name} ({one.get_kind_display()})" for one in row.stakeholders.all()
        ),
        40,
    ),
    Column(
        gettext_lazy("Letters of"),
        lambda row: _joined(one.name for one in row.stakeholders.all() if hasattr(one, "letter")),
        30,
    ),
    Column(gettext_lazy("Contact"), lambda row: row.contact_name, 22),
    Column(gettext_lazy("E-mail address"), lambda row: row.contact_email, 30),
    Column(gettext_lazy("Second contact"), lambda row: row.deputy_name, 22),
    Column(gettext_lazy("Second contact, e-mail address"), lambda row: row.deputy_email, 30),
    Column(
        gettext_lazy("Who signs"),
        lambda row: ", ".join(filter(None, (row.signatory_name, row.signatory_office))),
        26,
    ),
    Column(
        gettext_lazy("Documents on file"),
        lambda row: _joined(document.asked.title for document in row.documents.all()),
        30,
    ),
    Column(
        gettext_lazy("Assessors"),
        lambda row: _joined(assignment.assessor for assignment in row.assignments.all()),
        24,
    ),
    Column(gettext_lazy("Sent (Brussels time)"), lambda row: row.submitted_at),
    Column(gettext_lazy("Decision"), lambda row: _outcome(row.decision), 16),
    Column(gettext_lazy("Decided (Brussels time)"), lambda row: row.decided_at),
    Column(gettext_lazy("Reason given to the city"), lambda row: row.decision_reason, 40),
)


# The kind of job that writes the list (applications/jobs.py).
EXPORT = "applications.export"


INTEREST_COLUMNS = (
    Column(gettext_lazy("Reference"), lambda row: row.reference),
    Column(gettext_lazy("City"), lambda row: row.organisation.name, 30),
    Column(gettext_lazy("Country"), lambda row: row.organisation.country_id, 9),
    Column(gettext_lazy("Status"), lambda row: row.get_status_display(), 16),
    Column(gettext_lazy("Sent by"), lambda row: row.sender, 24),
    Column(gettext_lazy("Sent (Brussels time)"), lambda row: row.sent_at),
    Column(gettext_lazy("Decided by"), lambda row: str(row.decided_by or ""), 24),
    Column(gettext_lazy("Decided (Brussels time)"), lambda row: row.decided_at),
    Column(gettext_lazy("Reason given to the city"), lambda row: row.reason, 40),
    Column(gettext_lazy("Full application"), lambda row: _("begun") if row.has_begun else "", 16),
)
# The kind of job that writes the expressions of interest of a call.
EXPORT_INTERESTS = "applications.export_interests"


def interests_table(interests: Iterable[Any], asked: Iterable[tuple[str, str]]) -> Table:
    """Return expressions of interest as a table; `asked` are key and text of all questions."""
    answers = [Column(text, partial(_answer, key), 40) for key, text in asked]
    return Table(
        title=_("Expressions of interest"), columns=[*INTEREST_COLUMNS, *answers], rows=interests
    )


def _answer(key: str, row: Any) -> str:
    """Return what was sent to a question, "" where it was not asked."""
    return next(
        (
            str(answer["answer"])
            for section in row.snapshot["sections"]
            for answer in section["answers"]
            if answer["key"] == key
        ),
        "",
    )


def export_params(chosen: dict[str, Any], ending: str) -> dict[str, Any]:
    """Return what the job needs to know: the filters as JSON, and the form of the file.

    A form that nobody offers is a workbook.
    """
    if ending not in FORMATS:
        ending = XLSX
    filters = {key: getattr(value, "pk", value) for key, value in chosen.items() if key != "sort"}
    return {"filters": filters, "ending": ending}


def table_of(applications: Iterable[Any]) -> Table:
    """Return applications, as with_export_columns gives them, as a table."""
    return Table(title=_("Applications"), columns=COLUMNS, rows=applications)
