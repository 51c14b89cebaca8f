"""Long work on many applications: doing it, and taking it back."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy, ngettext

from applications.bulk.models import BulkRow, BulkRun
from applications.bulk.selectors import done_rows, numbers_of, waiting_rows
from applications.bulk.services import RUN, UNDO, do_row, undo_row_of_run
from core.jobs.kinds import JobKind, Work
from core.kit.rows import in_chunks


def run_all(work: Work) -> str:
    """Do what a run has not done yet, one after the other."""
    return _each(work, waiting_rows, do_row)


def undo_all(work: Work) -> str:
    """Take back what a run has done, one after the other."""
    return _each(work, done_rows, undo_row_of_run)


def _each(work: Work, rows_of: Callable[[BulkRun], Any], does: Callable[..., None]) -> str:
    run = BulkRun.objects.get(pk=work.params["run"])
    rows = rows_of(run).select_related("application", "run")
    number = rows.count()
    for done, row in enumerate(in_chunks(rows)):
        work.progress(done, number, str(row.application))
        does(row=row, by=work.by)
    left = numbers_of(BulkRow.objects.filter(run=run)).left
    words = ngettext("%(number)d application", "%(number)d applications", number)
    done_words = words % {"number": number}
    if not left:
        return done_words
    return f"{done_words}, " + ngettext(
        "%(number)d left as it was", "%(number)d left as they were", left
    ) % {"number": left}


JOBS = {
    RUN: JobKind(
        title=gettext_lazy("Action on many applications"),
        work=run_all,
        may=lambda person, _params: person.has_perm("bulk.act_on_many"),
        back="applications:staff_list",
    ),
    UNDO: JobKind(
        title=gettext_lazy("Action on many applications, taken back"),
        work=undo_all,
        may=lambda person, _params: person.has_perm("bulk.act_on_many"),
        back="applications:staff_list",
    ),
}
