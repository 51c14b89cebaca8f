"""What staff have chosen, what would become of it, and what became of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from accounts.models import User
from accounts.rules import mark_within_reach
from applications.acting import Action, Change, Values, mark_of
from applications.bulk.models import BulkRow, BulkRun
from applications.bulk.states import RowState
from applications.models import Application
from applications.selectors import sent_applications


def chosen_by(user: User, ids: Collection[int]) -> list[Application]:
    """Return those of the applications that the person's role reaches, by their cities' names."""
    rows = sent_applications(user).filter(pk__in=ids)
    return with_names(rows)


def with_names(rows: "QuerySet[Application]") -> list[Application]:
    """Return applications with all that a preview names, sorted by their cities' names."""
    return list(
        rows.select_related("organisation__country", "call")
        .defer("search_text", "exception_reason")
        .order_by("organisation__search_name", "pk")
    )


@dataclass(frozen=True)
class Looked:
    """What an action would do to one application, and what stands for it as it is now."""

    application: Application
    change: Change
    mark: str


def previewed(
    action: Action, applications: Sequence[Application], values: Values, by: User
) -> list[Looked]:
    """Return what an action would do to each: first what cannot be done, then what stays."""
    for application in applications:
        mark_within_reach(by, application)
    changes = action.preview(applications, values, by)
    looked = [Looked(one, changes[one.pk], mark_of(one, changes[one.pk])) for one in applications]
    return sorted(looked, key=lambda one: (one.change.is_change, not one.change.why_not))


def waiting_rows(run: BulkRun) -> "QuerySet[BulkRow]":
    """Return what a run has not come to yet."""
    return run.rows.filter(state=RowState.WAITING)


def done_rows(run: BulkRun) -> "QuerySet[BulkRow]":
    """Return what a run has done and nobody has taken back."""
    return run.rows.filter(state=RowState.DONE)


def rows_seen(run: BulkRun, user: User) -> "QuerySet[BulkRow]":
    """Return the rows on applications that the person's role reaches, in the order of doing."""
    reached = sent_applications(user).values("pk")
    return run.rows.filter(application__in=reached).select_related(
        "application__organisation__country"
    )


def runs_seen(user: User) -> "QuerySet[BulkRun]":
    """Return the runs that the person may look at, the newest first."""
    return BulkRun.objects.visible_to(user).select_related("by", "job", "undone_by")


@dataclass(frozen=True)
class RunNumbers:
    """How far a run is, by the states of its rows."""

    waiting: int
    done: int
    left: int
    undone: int

    @property
    def total(self) -> int:
        """Return how many there are."""
        return self.waiting + self.done + self.left + self.undone

    @property
    def written(self) -> int:
        """Return how many it has come to."""
        return self.total - self.waiting


def numbers_of(rows: "QuerySet[BulkRow]") -> RunNumbers:
    """Return how many of the rows stand where; one query."""
    counted = dict(
        rows.order_by().values("state").annotate(number=Count("pk")).values_list("state", "number")
    )
    return RunNumbers(**{state.value: counted.get(state, 0) for state in RowState})
