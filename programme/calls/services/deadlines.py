"""Moving a deadline of a published call: those who write are told, old reminders taken back."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.duties.catalogue import key_of
from core.duties.services import touch
from core.kit import days
from core.kit.errors import InvalidError, WrongStateError
from core.kit.writes import clean_reason, lock, require, require_version
from core.post.mail import send_mail
from core.post.services import withdraw_mails
from core.trail.services import record_event
from programme.calls.mail import mail_to, told_of_move
from programme.calls.models import Call
from programme.calls.movable import MOVABLE, Movable
from programme.calls.selectors import Impact, Writer, impact_of
from programme.calls.services.calls import instant_for_record
from programme.calls.states import CallStatus, Closing


@dataclass(frozen=True)
class MovedDeadline:
    """What a move did: how many people were told, how many mails with the old date taken back."""

    call: Call
    closing: Closing = Closing.CALL
    told: int = 0
    withdrawn: int = 0

    @property
    def closes_at(self) -> dt.datetime | None:
        """Return the time as it stands now."""
        found: dt.datetime | None = getattr(self.call, MOVABLE[self.closing].time)
        return found


@transaction.atomic
def move_deadline(
    *,
    call: Call,
    closes_at: dt.datetime,
    reason: str,
    by: User,
    read_version: int,
    past_confirmed: bool = False,
    closing: Closing = Closing.CALL,
) -> MovedDeadline:
    """Give a published call, or the first of its two stages (`closing`), another closing time.

    Everybody who writes a draft, and has no later closing time, gets one mail; reminders with the
    old date that have not left are taken back. What was sent keeps the closing time it was sent
    under. The same time again changes nothing. Raises InvalidError without a reason, for a time
    out of order (opening, first stage, closing), and for one that has passed unless
    `past_confirmed`; WrongStateError for a draft of a call, and for the first stage of a call
    with one; StaleError when somebody else saved first.
    """
    require(
        by,
        "calls.edit_calls",
        otherwise=_("Only coordinators move the deadline of a call. Ask one of them."),
    )
    call, moved = lock(call), MOVABLE[closing]
    _require_movable(call, closing)
    before: dt.datetime | None = getattr(call, moved.time)
    if closes_at == before:
        return MovedDeadline(call, closing)
    require_version(call.version, read_version)
    _check(call, closes_at, closing, past_confirmed=past_confirmed)
    reason = clean_reason(
        reason, missing=_("Write why the deadline moves. Those who write for the call read it.")
    )
    _store(call, moved, closes_at)
    touch(call)
    record_event(
        verb=moved.verb,
        target=call,
        by=by,
        reason=reason,
        details={"before": instant_for_record(before), "after": instant_for_record(closes_at)},
    )
    impact = impact_of(call, closing)
    withdrawn = _take_back(call, impact, moved)
    told = told_of_move(impact, before, closes_at)
    _tell(call, told, moved, {"before": before, "reason": reason})
    return MovedDeadline(call, closing, told=len(told), withdrawn=withdrawn)


def _require_movable(call: Call, closing: Closing) -> None:
    if call.status != CallStatus.PUBLISHED:
        raise WrongStateError(_("Nobody knows this call yet. Change its dates in the editor."))
    if closing == Closing.FIRST_STAGE and not call.is_two_stage:
        raise WrongStateError(
            _("This call has one stage. Move the deadline of the call itself."), code="one_stage"
        )


def _check(call: Call, closes_at: dt.datetime, closing: Closing, *, past_confirmed: bool) -> None:
    if call.opens_at and closes_at <= call.opens_at:
        raise InvalidError(
            _("This is before the call opens. Choose a later closing time."), field="closes_at"
        )
    is_first = closing == Closing.FIRST_STAGE
    if is_first and call.closes_at and closes_at >= call.closes_at:
        raise InvalidError(
            _("The call itself closes no later. Choose an earlier time, or move that one first."),
            field="closes_at",
        )
    if not is_first and call.interest_closes_at and closes_at <= call.interest_closes_at:
        raise InvalidError(
            _("The first stage is open until then. Choose a later closing time."),
            field="closes_at",
        )
    if closes_at < days.now() and not past_confirmed:
        raise InvalidError(
            _(
                "This time has passed: it closes at once and no draft can be sent any more. "
                "Confirm that you mean it."
            ),
            field="past_confirmed",
            code="past",
        )


def _store(call: Call, moved: Movable, closes_at: dt.datetime) -> None:
    """Write the new time. While a notice of an earlier move is up, it goes on from what that says.

    Whoever was away reads one notice, from the time that they knew to the one that holds.
    """
    shown = moved.notice_of(call, days.now())
    setattr(call, moved.moved_from, shown.before if shown else getattr(call, moved.time))
    setattr(call, moved.time, closes_at)
    setattr(call, moved.moved_at, days.now())
    call.version += 1
    call.save(update_fields=[*moved.fields, "version"])


def _take_back(call: Call, impact: Impact, moved: Movable) -> int:
    """Withdraw the mails that name an older date, those of an earlier move too."""
    why = _("The deadline of the call has moved.")
    withdraw_mails(about=[key_of(call)], kinds=[moved.mail], why=why)
    return withdraw_mails(about=impact.about, kinds=impact.kinds, why=why)


def _tell(call: Call, writers: list[Writer], moved: Movable, values: dict[str, Any]) -> None:
    """Mail each writer once, however many drafts are theirs."""
    for writer in writers:
        mail = mail_to(writer, call, moved, values)
        send_mail(**mail, about=key_of(call), owner=key_of(writer.person))
