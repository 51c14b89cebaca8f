"""Changing what stands on a board, as long as nobody else has put another run there."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.kit.errors import WrongStateError
from pairings.matching.models import Board, Run
from pairings.matching.services.changes import Changes
from pairings.matching.services.runs import locked_board, start_run
from programme.calls.models import Call


@transaction.atomic
def change_board(
    *, call: Call, read: int, by: User, changes: Changes | None = None, note: str = ""
) -> Run:
    """Work the pairs on a board out anew with changes; without any, from the data of today.

    `read` is the number of the run that the person has seen there. Raises WrongStateError where
    another one stands there by now: the change was meant for other pairs.
    """
    board = locked_board(call, by)
    run = run_that_was_read(board, read)
    return start_run(call=call, by=by, changes=changes, parent=run if changes else None, note=note)


def run_that_was_read(board: Board, read: int) -> Run:
    """Return the run on a locked board; raise WrongStateError unless it is the one read."""
    run = board.run
    if run is None or run.number != read:
        raise WrongStateError(
            _("Meanwhile another run stands on the board. Look at its pairs, then choose again.")
        )
    return run
