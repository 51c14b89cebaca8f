"""Long work on applications: the list as a file."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy, ngettext

from applications.exports import EXPORT, table_of
from applications.selectors import narrowed, sent_applications, with_export_columns
from core.files.kinds import CSV, XLSX
from core.jobs.kinds import JobKind, Made, Work
from core.kit.days import today
from core.kit.rows import in_chunks
from core.kit.tables import write_table

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


JOBS = {
    EXPORT: JobKind(
        title=gettext_lazy("Export of applications"),
        work=export_applications,
        may=lambda person, _params: person.has_perm("applications.list_applications"),
        back="applications:staff_list",
    )
}
