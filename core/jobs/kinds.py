"""The kinds of long work, as the apps bring them.

The socket is `<app>/jobs.py`: its `JOBS` maps "<app>.<what>" to a JobKind. For example

    def export_applications(work: Work) -> Made:
        for number, row in enumerate(in_chunks(rows)):
            work.file.write(line_of(row))
            work.progress(number, total)
        return Made("applications", CSV)

    JOBS = {
        "applications.export": JobKind(
            title=_("Export of applications"),
            work=export_applications,
            may=lambda person, params: person.has_perm("applications.list_applications"),
            back="applications:staff_list",
        )
    }
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, BinaryIO, Protocol

from core.files.kinds import FileKind
from core.kit.errors import Words
from core.kit.people import Person
from core.kit.sockets import plugged

Params = dict[str, Any]


@dataclass(frozen=True)
class Made:
    """That a job wrote a file: its name without ending, its kind, and a sentence about it."""

    name: str
    kind: FileKind
    message: str = ""


class Work(Protocol):
    """What the function of a kind is given."""

    @property
    def params(self) -> Params:
        """What the job was started with: JSON."""

    @property
    def file(self) -> BinaryIO:
        """Where the function writes what it makes."""

    @property
    def by(self) -> Person:
        """Who started it, as they are now; ask their rights, they may have changed."""

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Tell how far it is. Call it at least every minute, outside a transaction.

        It writes: read the rows with core.kit.rows.in_chunks, never with `iterator()`.

        Raises JobStoppedError, which the function lets pass, when the work is no longer
        wanted.
        """


@dataclass(frozen=True)
class JobKind:
    """One kind of long work.

    `work` does it, in a worker and in the language in which it was started; a second time from
    the beginning when its worker dies. `may` is asked at the start, before the work, and again
    whenever the result is fetched: what was made before a right was lost is handed out no more.
    `back` names the page that offers it. The work may return a
    sentence on what became of it.
    """

    title: Words
    work: Callable[[Work], Made | str | None]
    may: Callable[[Person, Params], bool]
    back: str
    # What is said to who may not, where it is not a matter of their role alone.
    otherwise: Words = ""


@cache
def job_kinds() -> dict[str, JobKind]:
    """Return every kind by its name."""
    return {
        name: kind
        for module in plugged("jobs")
        for name, kind in getattr(module, "JOBS", {}).items()
    }
