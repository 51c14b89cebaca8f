"""Doing something with many applications: each by itself, and taken back where nothing was sent."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.acting import Action, Change, Values, actions, mark_of
from applications.bulk.models import BulkRow, BulkRun
from applications.bulk.selectors import chosen_by, done_rows, previewed, waiting_rows
from applications.bulk.states import MOST_ROWS, RowState
from applications.models import Application
from applications.services.locking import lock_application, not_yours
from core.jobs.services import start_job, stop_work
from core.kit import days
from core.kit.errors import (
    InvalidError,
    NotAllowedError,
    PortalError,
    Words,
    WrongStateError,
)
from core.kit.writes import clean_reason, lock, require
from core.trail.services import record_event

logger = logging.getLogger(__name__)

RUN, UNDO = "bulk.run", "bulk.undo"
S = RowState


def action_of(key: str) -> Action:
    """Return an action; raise InvalidError for one that nobody brings (any more)."""
    action = actions().get(key)
    if action is None:
        raise InvalidError(_("Choose what to do."), field="action")
    return action


def _require_right(action: Action, by: User) -> None:
    otherwise = _("Your role does not allow this. Ask the coordination unit.")
    require(by, "bulk.act_on_many", otherwise=otherwise)
    require(by, action.permission, otherwise=otherwise)


def _lock_run(run: BulkRun, by: User) -> BulkRun:
    run = lock(run)
    require(
        by,
        "bulk.manage_run",
        run,
        otherwise=_("This was begun by somebody else. Ask them, or a coordinator."),
    )
    _require_right(action_of(run.action), by)
    return run


@transaction.atomic
def start_run(*, action: str, values: Values, seen: Mapping[int, str], by: User) -> BulkRun:
    """Begin to do something with all that was shown; return the run, whose page tells of each.

    `seen` says what stood for each application in the preview, by its id (`mark_of`). What is
    another one by now is left as it is, and told. What the person's role does not reach is no part
    of it. Raises InvalidError for values that fit none, WrongStateError when nothing is to be done.
    """
    found = action_of(action)
    _require_right(found, by)
    require_few(len(seen))
    looked = previewed(found, chosen_by(by, seen), values, by)
    rows = [
        BulkRow(
            application=one.application,
            seen=one.mark,
            before=one.change.before[:200],
            after=one.change.after[:200],
            **({} if one.mark == seen[one.application.pk] else _left(_changed(one.change))),
        )
        for one in looked
        if is_to_change(seen[one.application.pk])
    ]
    number = sum(row.state == S.WAITING for row in rows)
    if not number:
        raise WrongStateError(
            _("Nothing is left to change: a colleague was first. Look at the preview again."),
            code="nothing_to_do",
        )
    title = str(found.title(values, number))[:200]
    run = BulkRun.objects.create(action=action, values=values, title=title, by=by)
    for row in rows:
        row.run = run
    BulkRow.objects.bulk_create(rows)
    record_event(verb="run.started", target=run, by=by, details={"applications": number})
    return _start(run, RUN, by)


def require_few(number: int) -> None:
    """Raise InvalidError for more applications than one run takes."""
    if number > MOST_ROWS:
        raise InvalidError(
            _("These are %(number)d. Narrow the list to %(most)d at most, and do the rest after.")
            % {"number": number, "most": MOST_ROWS}
        )


def is_to_change(mark: str) -> bool:
    """Tell whether a mark stood beside something that was to change."""
    return mark.startswith("1")


def _left(message: Words) -> dict[str, Any]:
    return {"state": S.LEFT, "message": str(message)[:500], "at": days.now()}


def _changed(change: Change) -> str:
    """Say what became of an application that is not as it was shown."""
    why = change.why_not or change.note
    if why:
        return _("Changed since you looked, and left as it is: %(why)s") % {"why": why}
    return _("Changed since you looked, and left as it is: %(now)s") % {"now": change.before}


def _start(run: BulkRun, kind: str, by: User) -> BulkRun:
    run.job = start_job(kind=kind, params={"run": run.pk}, by=by)
    run.save(update_fields=["job"])
    return run


@transaction.atomic
def go_on(*, run: BulkRun, by: User) -> BulkRun:
    """Go on with what a run has not done, or not taken back, yet: it broke off, or was stopped."""
    run = _lock_run(run, by)
    kind, rows = (RUN, waiting_rows) if run.undone_at is None else (UNDO, done_rows)
    if not rows(run).exists():
        raise WrongStateError(_("Nothing waits any more. Open the page again."), code="finished")
    return run if run.is_working else _start(run, kind, by)


@transaction.atomic
def stop_run(*, run: BulkRun, by: User) -> BulkRun:
    """Stop after the application that is being written; the others stay as they are."""
    run = _lock_run(run, by)
    _stop(run, by)
    return run


def _stop(run: BulkRun, by: User) -> None:
    """Stop the work of a run, whoever has started it: who may manage the run was asked."""
    if run.job is not None and run.job.is_unfinished:
        stop_work(job=run.job, by=by)


# One by one ---------------------------------------------------------------------------


def do_row(*, row: BulkRow, by: User) -> None:
    """Do to one application what was shown, or note why it is left as it is.

    All of it is one transaction. Whoever comes second finds it done, and writes nothing. Raises
    NotAllowedError for who has lost the right since the run began: the row waits for somebody else.
    """
    by = _as_now(row.run, by)
    _by_itself(row, lambda: _do(row, by), S.WAITING, S.LEFT)


def _as_now(run: BulkRun, by: User) -> User:
    """Return the person as they are now: a role may have been taken away while the work went on."""
    by = User.objects.get(pk=by.pk)
    _require_right(action_of(run.action), by)
    return by


@transaction.atomic
def _do(row: BulkRow, by: User) -> None:
    # The run first, as by who stops it or takes it back: after that no more is done.
    run = lock(row.run)
    if run.is_stopped or run.undone_at is not None:
        return
    application = _lock_reached(row.application, by)
    row = lock(row)
    if row.state != S.WAITING:
        return
    action, values = action_of(run.action), run.values
    change = action.preview([application], values, by)[application.pk]
    if mark_of(application, change) != row.seen:
        _note(row, S.LEFT, _changed(change))
        return
    row.kept = action.do(application, values, by, change)
    _note(row, S.DONE, "")


def _lock_reached(application: Application, by: User) -> Application:
    # The call first, as by actions that hold it: two who meet wait for each other in one order.
    application = lock_application(application, None, by, above=("call",))
    if not Application.objects.reached_by(by).filter(pk=application.pk).exists():
        raise NotAllowedError(not_yours() % {"name": application.organisation})
    return application


def _note(row: BulkRow, state: RowState, message: Words) -> None:
    row.state, row.message, row.at = state, str(message)[:500], days.now()
    row.save(update_fields=["state", "message", "at", "kept"])


def _by_itself(row: BulkRow, does: Callable[[], None], was: RowState, state: RowState) -> None:
    """Let one be done; whatever it raises is noted beside it and keeps no other from being done.

    Where another worker has come to the row first, what it wrote stands.
    """
    try:
        does()
    except PortalError as error:
        message = str(error)
    except Exception:
        logger.exception("Row %s of run %s broke off.", row.pk, row.run_id)
        message = _("The work broke off at this one and we have been told. Do it by itself later.")
    else:
        return
    rows = BulkRow.objects.filter(pk=row.pk, state=was)
    rows.update(state=state, message=message[:500], at=days.now())


# Taking back --------------------------------------------------------------------------


def _require_undo(run: BulkRun) -> Callable[..., Any]:
    undo = action_of(run.action).undo
    if undo is None:
        raise WrongStateError(_("This has been sent and cannot be taken back."), code="no_way_back")
    return undo


@transaction.atomic
def undo_run(*, run: BulkRun, reason: str, by: User) -> BulkRun:
    """Begin to take back all that a run has done; what has moved on since is left, and told.

    What still waits is not done any more.
    """
    run = _lock_run(run, by)
    _require_undo(run)
    reason = _reason(reason)
    if run.undone_at is not None:
        return run
    _stop(run, by)
    run.undone_at, run.undone_by, run.undone_because = days.now(), by, reason
    run.save(update_fields=["undone_at", "undone_by", "undone_because"])
    record_event(verb="run.undone", target=run, by=by, reason=reason)
    return _start(run, UNDO, by)


def undo_row(*, row: BulkRow, reason: str, by: User) -> BulkRow:
    """Take back what a run did to one application, unless it has moved on since.

    Raises what the action says against it.
    """
    with transaction.atomic():
        _lock_run(row.run, by)
        _undo(row, _reason(reason), by)
    row.refresh_from_db()
    return row


def undo_row_of_run(*, row: BulkRow, by: User) -> None:
    """Take one back as a part of all; what cannot be is noted beside it.

    Raises NotAllowedError for who has lost the right since.
    """
    by = _as_now(row.run, by)
    _by_itself(row, lambda: _undo_of_all(row, by), S.DONE, S.DONE)


@transaction.atomic
def _undo_of_all(row: BulkRow, by: User) -> None:
    run = lock(row.run)
    if not run.is_stopped:
        _undo(row, run.undone_because, by)


@transaction.atomic
def _undo(row: BulkRow, reason: str, by: User) -> None:
    application = _lock_reached(row.application, by)
    row = BulkRow.objects.select_for_update(of=("self",)).select_related("run").get(pk=row.pk)
    if row.state != S.DONE:
        return
    action = action_of(row.run.action)
    _require_right(action, by)
    _require_undo(row.run)(application, row.kept or {}, by, reason)
    _note(row, S.UNDONE, reason)


def _reason(reason: str) -> str:
    return clean_reason(reason, missing=_("Write why you take it back: it is kept for good."))
