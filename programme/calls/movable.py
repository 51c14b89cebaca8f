"""The closing times of a call that can be moved: its own, and that of its first stage. Pure."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from programme.calls.states import Closing

# So long the pages of a call say that a closing time has moved.
SHOWN_FOR = dt.timedelta(days=7)


@dataclass(frozen=True)
class Movable:
    """A closing time: the fields of a call that hold it, and what its move is called.

    `moved_at` is when its writers were told last, `moved_from` the time that they knew before.
    """

    closing: Closing
    time: str
    moved_at: str
    moved_from: str
    verb: str
    mail: str

    @property
    def fields(self) -> list[str]:
        """Return the fields that a move writes."""
        return [self.time, self.moved_at, self.moved_from]

    def notice_of(self, call: Any, now: dt.datetime) -> "Moved | None":
        """Return that it moved lately and differs from what was known before; else None."""
        moved_at, before = getattr(call, self.moved_at), getattr(call, self.moved_from)
        closes_at = getattr(call, self.time)
        if not moved_at or now - moved_at > SHOWN_FOR or before in (None, closes_at):
            return None
        return Moved(self.closing, before, closes_at)


@dataclass(frozen=True)
class Moved:
    """That a closing time was another one a week ago, or less."""

    closing: Closing
    before: dt.datetime
    now: dt.datetime

    @property
    def is_first_stage(self) -> bool:
        """Whether it is that of the first stage."""
        return self.closing == Closing.FIRST_STAGE


MOVABLE = {
    Closing.CALL: Movable(
        Closing.CALL,
        time="closes_at",
        moved_at="deadline_moved_at",
        moved_from="deadline_moved_from",
        verb="call.deadline_moved",
        mail="deadline_moved",
    ),
    Closing.FIRST_STAGE: Movable(
        Closing.FIRST_STAGE,
        time="interest_closes_at",
        moved_at="interest_moved_at",
        moved_from="interest_moved_from",
        verb="call.first_stage_moved",
        mail="first_stage_moved",
    ),
}


def lately_moved(call: Any, now: dt.datetime) -> list[Moved]:
    """Return what the pages of a call say of its closing times, the first stage first."""
    found = [
        MOVABLE[closing].notice_of(call, now) for closing in (Closing.FIRST_STAGE, Closing.CALL)
    ]
    return [one for one in found if one is not None]
