"""Long work on applications: the list as a file."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy, ngettext

from applications.exports import EXPORT, EXPORT_INTERESTS, interests_table, table_of
from applications.selectors import narrowed, sent_applications, with_export_columns
from applications.selectors.interests import (
    as_staff_list,
    interests_narrowed,
    questions_asked,
    sent_interests,
)
from core.files.kinds import CSV, XLSX
from core.jobs.kinds import JobKind, Made, Work
from core.kit.days import today
from core.kit.rows import in_chunks
from core.kit.tables import write_table
from programme.calls.models import Call

KINDS = {kind.ending: kind for kind in (XLSX, CSV)}


def export_applications(work: Work) -> Made:
    """Write what the person sees of the list, narrowed as it was on the page."""
    by: Any = work.by
    rows = narrowed(sent_applications(by), by, work.params["filters"])
    number = rows.count()

    def counted() -> Iterator[Any]:
        for done, row in enumerate(in_chunks(with_export_columns(rows))):
            work.progress(done, number)
            yield row

    ending = work.params["ending"]
    write_table(table_of(counted()), work.file, ending)
    return Made(
        name=f"applications-{today().isoformat()}",
        kind=KINDS[ending],
        message=ngettext("%(number)d application", "%(number)d applications", number)
        % {"number": number},
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
        may=lambda person, _params: person.has_perm("applications.list_interests"),
        back="calls:staff_calls",
    ),
    EXPORT: JobKind(
        title=gettext_lazy("Export of applications"),
        work=export_applications,
        may=lambda person, _params: person.has_perm("applications.list_applications"),
        back="applications:staff_list",
    ),
}
