"""Long work on applications: the list as a file."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.exports import (
    EXPORT,
    EXPORT_INTERESTS,
    Sheet,
    interests_table,
    sheets_for,
)
from applications.selectors import narrowed, sent_applications
from applications.selectors.interests import (
    as_staff_list,
    interests_narrowed,
    questions_asked,
    sent_interests,
)
from applications.selectors.reach import reaches_as_before
from core.files.kinds import CSV, XLSX, ZIP, FileKind
from core.jobs.kinds import JobKind, Made, Params, Work
from core.kit.days import today
from core.kit.errors import NotAllowedError
from core.kit.people import Person
from core.kit.rows import in_chunks
from core.kit.tables import Table, write_book, write_files, write_table
from programme.calls.models import Call

KINDS = {kind.ending: kind for kind in (XLSX, CSV)}


def export_applications(work: Work) -> Made:
    """Write what the person sees of the list, narrowed as it was on the page, kind by kind.

    A workbook has a sheet for each kind of row, CSV is a file for each in a ZIP. Each kind holds
    what the person may read of it.
    """
    by: Any = work.by
    rows = narrowed(sent_applications(by), by, work.params["filters"])
    sheets = sheets_for(by, work.params.get("kind", ""))
    if not sheets:
        raise NotAllowedError(_("This kind is not for your role. Choose another one."))
    found = [(sheet, sheet.rows(rows, by)) for sheet in sheets]
    counter = _Counter(work, sum(kind.count() for _sheet, kind in found))
    tables = [sheet.table(counter.counted(sheet, kind)) for sheet, kind in found]
    made = _write(work, tables)
    number = rows.count()
    words = ngettext("%(number)d application", "%(number)d applications", number)
    name = "applications" if len(sheets) > 1 else sheets[0].key
    return Made(f"{name}-{today().isoformat()}", made, words % {"number": number})


class _Counter:
    """Tells how far a file of several kinds is."""

    def __init__(self, work: Work, total: int) -> None:
        self.work, self.total, self.done = work, total, 0

    def counted(self, sheet: Sheet, rows: "QuerySet[Any]") -> Iterator[Any]:
        """Return the rows of a kind, a few read at a time."""
        for row in sheet.read(rows):
            self.work.progress(self.done, self.total)
            self.done += 1
            yield row


def _write(work: Work, tables: Sequence[Table]) -> FileKind:
    """Write the tables in the form that was asked for; return which kind of file it is."""
    if work.params["ending"] == XLSX.ending:
        write_book(tables, work.file)
        return XLSX
    if len(tables) > 1:
        write_files(tables, work.file)
        return ZIP
    write_table(tables[0], work.file, CSV.ending)
    return CSV


def _still_reaches(person: Person, params: Params) -> bool:
    """Whether what the person reaches is what it was when they asked for the file."""
    reader: Any = person
    return reaches_as_before(reader, params.get("reach"))


CHANGED = gettext_lazy(
    "What you may read has changed since you asked for this file, so it is not handed out. Make it "
    "anew: it then holds what you may read now."
)


def export_interests(work: Work) -> Made:
    """Write what the person sees of the expressions of interest of a call, as on its list."""
    by: Any = work.by
    call = Call.objects.get(pk=work.params["call"])
    rows = interests_narrowed(sent_interests(by, call), work.params["filters"])
    number = rows.count()

    def counted() -> Iterator[Any]:
        for done, row in enumerate(in_chunks(as_staff_list(rows))):
            work.progress(done, number)
            yield row

    table = interests_table(counted(), questions_asked(call))
    ending = work.params["ending"]
    write_table(table, work.file, ending)
    return Made(
        name=f"{call.code}-interests-{today().isoformat()}",
        kind=KINDS[ending],
        message=ngettext(
            "%(number)d expression of interest", "%(number)d expressions of interest", number
        )
        % {"number": number},
    )


JOBS = {
    EXPORT_INTERESTS: JobKind(
        title=gettext_lazy("Export of expressions of interest"),
        work=export_interests,
        may=lambda person, params: (
            person.has_perm("applications.list_interests") and _still_reaches(person, params)
        ),
        back="calls:staff_calls",
        otherwise=CHANGED,
    ),
    EXPORT: JobKind(
        title=gettext_lazy("Export of applications"),
        work=export_applications,
        may=lambda person, params: (
            person.has_perm("applications.list_applications") and _still_reaches(person, params)
        ),
        back="applications:staff_list",
        otherwise=CHANGED,
    ),
}
