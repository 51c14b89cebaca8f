"""Working out the pairs of a call, and putting a run on its board."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from applications.models import Application
from core.jobs.services import start_job
from core.kit import days
from core.kit.errors import InvalidError, NotAllowedError, Words, WrongStateError
from core.kit.fingerprints import fingerprint
from core.kit.people import Person
from core.kit.text import clean_line
from core.kit.writes import lock, require
from core.trail.services import record_event
from pairings.matching.engine import Instance
from pairings.matching.engine.table import Progress
from pairings.matching.models import Board, Run
from pairings.matching.selectors import applicants_of, file_of, instance_data, missing_of, why_empty
from pairings.matching.services.changes import (
    Changes,
    as_before,
    changed,
    checked,
    with_defaults,
)
from pairings.matching.services.solving import Former, is_large, is_quick, solve
from pairings.matching.states import RunState
from programme.calls.models import Call

_LINKED = gettext_lazy("Pairs are worked out by coordinators without a link with an applicant.")
SOLVE = "matching.solve"
_BROKEN = gettext_lazy("The work broke off or was stopped. Start the run again.")
S = RunState


def locked_board(call: Call, by: User) -> Board:
    """Return the board of a call under its lock: one run is started or put at a time."""
    board, _is_new = Board.objects.get_or_create(call=call)
    board = lock(board)
    require(
        by,
        "matching.run_matching",
        board,
        otherwise=_LINKED,
    )
    return board


@transaction.atomic
def start_run(
    *,
    call: Call,
    by: User,
    changes: Changes | None = None,
    parent: Run | None = None,
    note: str = "",
    on_board: bool = True,
) -> Run:
    """Work out the best pairs of a call; return the run, which a job ends where that takes long.

    With a `parent` it is the parent's data with the changes. Without one the data is read anew, and
    what staff have decided in the run on the board stays, as far as it still fits. It comes on the
    board once it is done, unless it only tries something. What has been worked out before is
    returned as it is: the same data under the same rules has the same answer. Raises InvalidError
    where no pair is possible, or where the rules cannot hold together.
    """
    board = locked_board(call, by)
    if parent is not None and parent.call_id != call.pk:
        raise InvalidError(_("This run is of another call. Open the board of its call."))
    run = _new_run(board, parent, changes or Changes(), by)
    instance = checked(run.instance)
    same = _same(run)
    if same is not None:
        if on_board and same.is_done:
            _put(board, same, by)
        return same
    run.number, run.by = call.runs.next_number(), by
    run.note = clean_line(note)[:200]
    run.save()
    kinds = {"changed": ", ".join(sorted(run.change))} if run.change else {}
    record_event(
        verb="matching.run_started", target=run, by=by, details={"run": run.number} | kinds
    )
    if is_large(instance) and not is_quick(instance, _former(run)):
        params = {"run": run.pk, "on_board": on_board}
        Run.objects.write_once(run, job=start_job(kind=SOLVE, params=params, by=by))
    else:
        _end(run, instance)
        if on_board:
            _put(board, run, by)
    run.refresh_from_db()
    return run


def _same(run: Run) -> Run | None:
    """Return the run that was given the same, unless it failed or its work has gone."""
    runs = Run.objects.light().select_related("job").filter(inputs=run.inputs)
    found = runs.first()
    if found is not None and found.is_open and not found.is_working:
        fail_run(found, _BROKEN)
        return None
    return found


def _new_run(board: Board, parent: Run | None, changes: Changes, by: User) -> Run:
    """Return the run with what it is given, not stored yet."""
    call, said = board.call, changes.as_json()
    if parent is not None:
        data, banned, missing = parent.instance, parent.banned, parent.missing
        applicants = parent.applicants
    else:
        data = with_defaults(instance_data(call))
        if why := why_empty(data):
            raise InvalidError(why)
        missing, banned, parent = missing_of(data), [], board.run
        applicants = _applicants(call, data, by)
        if parent is not None:
            data, banned = as_before(data, parent.instance, parent.banned)
            said = {"anew": True, **said}
    instance, banned = changed(data, banned, changes)
    return Run(
        call=call,
        parent=parent,
        change=said,
        instance=instance,
        inputs=fingerprint({"call": call.pk, "instance": instance}),
        applicants=applicants,
        missing=missing,
        banned=banned,
    )


def _applicants(call: Call, data: dict[str, Any], by: User) -> str:
    """Return whose applications the data name; refuse who has a link with one of them."""
    keys = list(applicants_of(call, data).values_list("pk", flat=True))
    if Application.objects.linked_to(by).filter(pk__in=keys).exists():
        raise NotAllowedError(_LINKED)
    return "".join(f"|{key}" for key in keys) + "|" if keys else ""


def _end(run: Run, instance: Instance, progress: Progress | None = None) -> bool:
    """Solve a run and write down its result; tell whether nobody had done so before."""
    solved = solve(instance, _former(run), progress)
    scores = [pair["score"] for pair in solved.result["pairs"]]
    return Run.objects.write_once(
        run,
        state=S.DONE,
        result=solved.result,
        potentials=solved.potentials,
        digest=file_of(run.instance, solved.result)["digest"],
        pairs=len(scores),
        total=solved.result["total_score"],
        worst=min(scores, default=None),
        seconds=solved.seconds,
        ended_at=days.now(),
    )


def _former(run: Run) -> Former | None:
    parent = run.parent
    if parent is None or not parent.is_done:
        return None
    return Former(parent.instance, parent.potentials or {})


def solve_run(
    run_pk: int, *, by: Person, on_board: bool = True, progress: Progress | None = None
) -> Run:
    """Solve a run that waits, and put it on the board; a second time it changes nothing.

    For the worker. What breaks it off is written down beside it and raised again.
    """
    run = Run.objects.select_related("call", "parent").get(pk=run_pk)
    if not Run.objects.write_once(run, state=S.SOLVING):
        return run
    try:
        with_result = _end(run, checked(run.instance), progress)
    except Exception:
        fail_run(run, _BROKEN)
        raise
    if with_result and on_board:
        put_on_board(run=run, by=User.objects.get(pk=by.pk))
    run.refresh_from_db()
    return run


def fail_run(run: Run, why: Words) -> None:
    """Note that a run has come to nothing, unless it has ended."""
    values = {"state": S.FAILED, "inputs": None, "error": str(why)[:500], "ended_at": days.now()}
    Run.objects.write_once(run, **values)


@transaction.atomic
def put_on_board(*, run: Run, by: User) -> Board:
    """Let staff work with this run from now on; the one before stays as it is, and can come back.

    Raises WrongStateError for a run without a result.
    """
    board = locked_board(run.call, by)
    run = Run.objects.light().get(pk=run.pk)
    if not run.is_done:
        raise WrongStateError(_("This run has no result. Choose one that is done."))
    _put(board, run, by)
    return board


def _put(board: Board, run: Run, by: User) -> None:
    if board.run_id == run.pk:
        return
    former = Run.objects.filter(pk=board.run_id or 0).values_list("number", flat=True).first()
    before = {"run_before": former} if former else {}
    board.run = run
    board.save(update_fields=["run"])
    record_event(
        verb="matching.run_put_on_board",
        target=run,
        by=by,
        details={"run": run.number} | before,
    )
