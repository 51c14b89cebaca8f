"""Applications for spreadsheets: one sheet for each kind of row that hangs on them.

The socket is `<app>/exports.py` with a list `SHEETS`: a room adds its own kinds.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from applications.models import (
    Application,
    Clarification,
    CriterionRuling,
    Decision,
    Municipality,
)
from applications.selectors import with_export_columns
from applications.selectors.reach import reach_print
from applications.states import ApplicationStatus, Criterion, Direction
from core.kit.errors import Words
from core.kit.rows import by_id, in_chunks
from core.kit.sockets import plugged
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


def export_params(
    chosen: dict[str, Any], ending: str, *, by: User, kind: str = ""
) -> dict[str, Any]:
    """Return what the job needs to know: the filters as JSON, and the form of the file.

    A form that nobody offers is a workbook; `kind` is the key of one sheet, "" for all of them.
    What the person reaches stands with it: the file is handed out while that is the same.
    """
    if ending not in FORMATS:
        ending = XLSX
    filters = {key: getattr(value, "pk", value) for key, value in chosen.items() if key != "sort"}
    return {"filters": filters, "ending": ending, "kind": kind, "reach": reach_print(by)}


@dataclass(frozen=True)
class Sheet:
    """A kind of row that is exported with applications: a sheet of the workbook, a file of CSV.

    `rows(applications, reader)` returns the rows on these applications, which the reader reaches,
    as far as they may read them. Who has not the `permission` gets no such sheet.
    """

    key: str
    order: int
    title: Words
    columns: Sequence[Column]
    rows: Callable[["QuerySet[Application]", User], "QuerySet[Any]"]
    permission: str = ""
    # Reads them in their order instead of by id, which is flatter.
    read: Callable[["QuerySet[Any]"], Iterable[Any]] = by_id

    def table(self, rows: Iterable[Any]) -> Table:
        """Return rows of the kind as a table."""
        return Table(title=str(self.title), columns=self.columns, rows=rows, key=self.key)


@cache
def _sheets() -> list[Sheet]:
    found = [one for module in plugged("exports") for one in getattr(module, "SHEETS", ())]
    return sorted(found, key=lambda one: one.order)


def sheets_for(reader: User, kind: str = "") -> list[Sheet]:
    """Return the sheets that the person may have, in order; with a `kind` that one alone."""
    own = [one for one in _sheets() if not one.permission or reader.has_perm(one.permission)]
    return [one for one in own if kind in ("", one.key)]


# Each row of a sheet says whose it is.
OF_APPLICATION = (
    Column(gettext_lazy("Reference"), lambda row: row.application.reference),
    Column(gettext_lazy("Applicant"), lambda row: row.application.organisation.name, 30),
)


def rows_on(
    rows: "QuerySet[Any]", applications: "QuerySet[Application]", way: str = "application"
) -> "QuerySet[Any]":
    """Return the rows that hang on these applications, with what each of them shows of its own."""
    of_them = {f"{way}__in": applications.order_by().values("pk")}
    return rows.filter(**of_them).select_related(f"{way}__organisation")


MUNICIPALITY_COLUMNS = (
    *OF_APPLICATION,
    Column(gettext_lazy("Municipality"), lambda row: row.name, 30),
    Column(gettext_lazy("Country"), lambda row: row.country_id, 9),
    Column(gettext_lazy("Leads"), lambda row: row.is_lead, 9),
    Column(gettext_lazy("Inhabitants"), lambda row: row.population, 13),
    # No thousands in a year.
    Column(gettext_lazy("Year of the figure"), lambda row: str(row.population_year or ""), 10),
    Column(gettext_lazy("Source of the figure"), lambda row: row.population_source, 30),
    Column(gettext_lazy("Commitment signed by"), lambda row: _given(row, "signatory"), 30),
    Column(gettext_lazy("Signed on"), lambda row: _given(row, "signed_on"), 12),
    Column(gettext_lazy("Does it count?"), lambda row: _given(row, "get_verdict_display"), 16),
)


def _given(row: Municipality, name: str) -> Any:
    """Return something of the commitment of a municipality; None where it gave none."""
    value = getattr(getattr(row, "commitment", None), name, None)
    return value() if callable(value) else value


RULING_COLUMNS = (
    *OF_APPLICATION,
    Column(gettext_lazy("Criterion"), lambda row: str(Criterion(row.criterion).label), 30),
    Column(gettext_lazy("Ruling"), lambda row: row.get_ruling_display(), 14),
    Column(gettext_lazy("Reason"), lambda row: row.reason, 50),
    Column(gettext_lazy("Released to the applicant"), lambda row: row.released, 12),
    Column(gettext_lazy("By"), lambda row: str(row.by or ""), 24),
    Column(gettext_lazy("When (Brussels time)"), lambda row: row.at),
)
CLARIFICATION_COLUMNS = (
    *OF_APPLICATION,
    Column(gettext_lazy("About"), lambda row: row.label, 30),
    Column(gettext_lazy("Question"), lambda row: row.question, 50),
    Column(gettext_lazy("Asked by"), lambda row: str(row.asked_by or ""), 24),
    Column(gettext_lazy("Asked (Brussels time)"), lambda row: row.asked_at),
    Column(gettext_lazy("Due (Brussels time)"), lambda row: row.due_at),
    Column(gettext_lazy("Answered (Brussels time)"), lambda row: row.answered_at),
    Column(gettext_lazy("Answer"), lambda row: row.answer, 50),
    Column(gettext_lazy("Withdrawn (Brussels time)"), lambda row: row.withdrawn_at),
)
DECISION_COLUMNS = (
    *OF_APPLICATION,
    Column(gettext_lazy("Number"), lambda row: row.number, 9),
    Column(gettext_lazy("Stage"), lambda row: row.get_stage_display(), 16),
    Column(gettext_lazy("Decision"), lambda row: row.get_outcome_display(), 16),
    Column(gettext_lazy("Reason given to the city"), lambda row: row.reason, 50),
    Column(gettext_lazy("By"), lambda row: str(row.by or ""), 24),
    Column(gettext_lazy("When (Brussels time)"), lambda row: row.at),
)
# What leads to a decision is read by the office; an assessor has what is assigned, as it was sent.
OFFICE = "applications.list_to_check"
SHEETS = [
    Sheet(
        "applications",
        10,
        gettext_lazy("Applications"),
        COLUMNS,
        lambda applications, _reader: with_export_columns(applications),
        read=in_chunks,
    ),
    Sheet(
        "municipalities",
        20,
        gettext_lazy("Municipalities"),
        MUNICIPALITY_COLUMNS,
        lambda applications, _reader: rows_on(
            Municipality.objects.select_related("commitment__file"), applications
        ),
    ),
    Sheet(
        "rulings",
        30,
        gettext_lazy("Criteria judged by staff"),
        RULING_COLUMNS,
        lambda applications, _reader: rows_on(
            CriterionRuling.objects.select_related("by"), applications
        ),
        permission=OFFICE,
    ),
    Sheet(
        "clarifications",
        40,
        gettext_lazy("Clarifications"),
        CLARIFICATION_COLUMNS,
        lambda applications, _reader: rows_on(
            Clarification.objects.select_related("asked_by"), applications
        ),
        permission=OFFICE,
    ),
    Sheet(
        "decisions",
        60,
        gettext_lazy("Decisions"),
        DECISION_COLUMNS,
        lambda applications, _reader: rows_on(Decision.objects.select_related("by"), applications),
        permission=OFFICE,
    ),
]
