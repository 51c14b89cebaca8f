"""Moving the deadline of a published call: those who write are told, old reminders taken back."""

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
from programme.calls.mail import MAIL, mail_to
from programme.calls.models import Call
from programme.calls.selectors import Impact, impact_of
from programme.calls.services.calls import instant_for_record
from programme.calls.states import CallStatus


@dataclass(frozen=True)
class MovedDeadline:
    """What a move did: how many people were told, how many mails with the old date taken back."""

    call: Call
    told: int = 0
    withdrawn: int = 0


@transaction.atomic
def move_deadline(
    *,
    call: Call,
    closes_at: dt.datetime,
    reason: str,
    by: User,
    read_version: int,
    past_confirmed: bool = False,
) -> MovedDeadline:
    """Give a published call another closing time.

    Everybody who writes a draft gets one mail; reminders with the old date that have not left
    are taken back. What was sent keeps the closing time it was sent under. The same time again
    changes nothing. Raises InvalidError without a reason, for a time before the opening, and
    for one that has passed unless `past_confirmed`; WrongStateError for a draft of a call;
    StaleError when somebody else saved first.
    """
    require(
        by,
        "calls.edit_calls",
        otherwise=_("Only coordinators move the deadline of a call. Ask one of them."),
    )
    call = lock(call)
    if call.status != CallStatus.PUBLISHED:
        raise WrongStateError(_("Nobody knows this call yet. Change its dates in the editor."))
    if closes_at == call.closes_at:
        return MovedDeadline(call)
    require_version(call.version, read_version)
    _check(call, closes_at, past_confirmed=past_confirmed)
    reason = clean_reason(
        reason, missing=_("Write why the deadline moves. Those who write an application read it.")
    )
    before, call.closes_at, call.deadline_moved_at = call.closes_at, closes_at, days.now()
    call.version += 1
    call.save(update_fields=["closes_at", "deadline_moved_at", "version"])
    touch(call)
    record_event(
        verb="call.deadline_moved",
        target=call,
        by=by,
        reason=reason,
        details={"before": instant_for_record(before), "after": instant_for_record(closes_at)},
    )
    impact = impact_of(call)
    withdrawn = _take_back(call, impact)
    _tell(call, impact, {"before": before, "reason": reason, "is_over": closes_at < days.now()})
    return MovedDeadline(call, told=len(impact.writers), withdrawn=withdrawn)


def _check(call: Call, closes_at: dt.datetime, *, past_confirmed: bool) -> None:
    if call.opens_at and closes_at <= call.opens_at:
        raise InvalidError(
            _("The call closes before it opens. Choose a later closing time."), field="closes_at"
        )
    if call.interest_closes_at and closes_at <= call.interest_closes_at:
        raise InvalidError(
            _("The first stage is open until then. Choose a later closing time."),
            field="closes_at",
        )
    if closes_at < days.now() and not past_confirmed:
        raise InvalidError(
            _(
                "This time has passed: the call closes at once and no draft can be sent any "
                "more. Confirm that you mean it."
            ),
            field="past_confirmed",
            code="past",
        )


def _take_back(call: Call, impact: Impact) -> int:
    """Withdraw the mails that name an older date, those of an earlier move too."""
    why = _("The deadline of the call has moved.")
    withdraw_mails(about=[key_of(call)], kinds=[MAIL], why=why)
    return withdraw_mails(about=impact.about, kinds=impact.kinds, why=why)


def _tell(call: Call, impact: Impact, values: dict[str, Any]) -> None:
    """Mail each writer once, however many drafts are theirs."""
    for writer in impact.writers:
        send_mail(**mail_to(writer, call, values), about=key_of(call), owner=key_of(writer.person))
