"""Closing times of single applicants: more time for a city that asks, a code for a late entry."""

import datetime as dt
import secrets
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.duties.catalogue import key_of
from core.duties.services import touch
from core.kit import days
from core.kit.errors import InvalidError, WrongStateError
from core.kit.writes import clean_reason, clean_text, lock, require
from core.post.mail import send_mail
from core.post.services import withdraw_mails
from core.trail.models import AuditEvent
from core.trail.services import record_event
from programme.calls.models import Call, ExtensionRequest, LateCode, OwnClosing
from programme.calls.models.closings import hash_of_code
from programme.calls.selectors import closing_of, phase_for
from programme.calls.services.calls import instant_for_record
from programme.calls.states import CallPhase, CallStatus, CodeState, ExtensionStatus
from programme.organisations.models import Organisation
from programme.organisations.states import WRITERS

LONGEST_WISH = dt.timedelta(days=60)
# No letter or digit that is read as another: no I, L, O, U, 0 or 1.
ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
BLOCKS, BLOCK = 4, 4
# Wrong codes of one person, and for one organisation and call, within a day.
MOST_WRONG = 5
GRANTED, REFUSED, OPENED = "extension_granted", "extension_refused", "late_entry_opened"


def _require_staff(by: User) -> None:
    require(
        by,
        "calls.decide_closings",
        otherwise=_("Only coordinators give a city more time. Ask one of them."),
    )


def _require_writer(by: User, permission: str, organisation: Organisation) -> None:
    require(
        by,
        permission,
        organisation,
        otherwise=_("Only a lead or editor of %(name)s can do this. Ask one of them.")
        % {"name": organisation.name},
    )


@transaction.atomic
def ask_extension(
    *, call: Call, organisation: Organisation, wished_until: dt.datetime, why: str, by: User
) -> ExtensionRequest:
    """Ask staff for more time, while the call is still open for the organisation.

    A wish that waits for its decision is returned as it is: a second click does no harm. Raises
    WrongStateError once the call has closed, InvalidError for a time that is no extension.
    """
    _require_writer(by, "calls.ask_extension", organisation)
    call = lock(call)
    waiting = call.extension_requests.filter(
        organisation=organisation, status=ExtensionStatus.ASKED
    ).first()
    if waiting is not None:
        return waiting
    if phase_for(call, organisation) != CallPhase.OPEN:
        raise WrongStateError(
            _(
                "The call is not open for you, so no more time can be asked for here. "
                "Write to the coordination unit."
            ),
            code="call_closed",
        )
    why = clean_text(
        why,
        field="why",
        limit=2000,
        missing=_("Write why you need more time: staff decide by it."),
    )
    closes_at = closing_of(call, organisation) or days.now()
    _check_wish(wished_until, closes_at)
    wish = ExtensionRequest.objects.create(
        call=call,
        organisation=organisation,
        asked_by=by,
        why=why,
        wished_until=wished_until,
        decide_by=closes_at,
    )
    touch(wish)
    record_event(
        verb="extension.asked",
        target=call,
        by=by,
        reason=why,
        details={"organisation": organisation.name, "until": instant_for_record(wished_until)},
    )
    return wish


def _check_wish(wished_until: dt.datetime, closes_at: dt.datetime) -> None:
    if wished_until <= closes_at:
        raise InvalidError(
            _("You can write until then anyway. Choose a later time."), field="closes_at"
        )
    if wished_until > closes_at + LONGEST_WISH:
        raise InvalidError(
            _("Ask for at most %(days)d days more.") % {"days": LONGEST_WISH.days},
            field="closes_at",
        )


def _lock_wish(wish: ExtensionRequest, by: User) -> ExtensionRequest:
    _require_staff(by)
    return lock(wish, "call", "organisation")


def _refuse_decided(wish: ExtensionRequest) -> None:
    if wish.status != ExtensionStatus.ASKED:
        raise WrongStateError(
            _("%(name)s has decided this already: %(status)s. Open the page again.")
            % {
                "name": str(wish.decided_by or _("A former member of staff")),
                "status": wish.get_status_display(),
            },
            code="moved_on",
        )


@transaction.atomic
def grant_extension(
    *, wish: ExtensionRequest, closes_at: dt.datetime, reason: str, by: User
) -> OwnClosing:
    """Give the organisation until `closes_at`; its writers are told with the reason.

    It may be granted after the call has closed: the organisation goes on from then. Raises
    InvalidError for a time that has passed or is not later than the one it has, and
    WrongStateError when somebody has decided before.
    """
    wish = _lock_wish(wish, by)
    _refuse_decided(wish)
    before = closing_of(wish.call, wish.organisation)
    _check_later(closes_at, before)
    reason = clean_reason(
        reason, missing=_("Write why: the city reads it, and it stays on record.")
    )
    _decide(wish, ExtensionStatus.GRANTED, reason, by)
    closing = OwnClosing.objects.create(
        call=wish.call, organisation=wish.organisation, closes_at=closes_at, extension=wish
    )
    record_event(
        verb="extension.granted",
        target=wish.call,
        by=by,
        reason=reason,
        details={
            "organisation": wish.organisation.name,
            "before": instant_for_record(before),
            "after": instant_for_record(closes_at),
        },
    )
    context = {"wish": wish, "closes_at": closes_at, "before": before, "reason": reason}
    _tell_writers(GRANTED, wish.call, wish.organisation, context)
    return closing


def _check_later(closes_at: dt.datetime, before: dt.datetime | None) -> None:
    if closes_at <= days.now():
        raise InvalidError(_("This time has passed. Choose a later one."), field="closes_at")
    if before and closes_at <= before:
        raise InvalidError(
            _("The city has until then anyway. Choose a later time."), field="closes_at"
        )


@transaction.atomic
def refuse_extension(*, wish: ExtensionRequest, reason: str, by: User) -> ExtensionRequest:
    """Refuse more time; the writers of the organisation are told with the reason."""
    wish = _lock_wish(wish, by)
    _refuse_decided(wish)
    reason = clean_reason(
        reason, missing=_("Write why: the city reads it, and it stays on record.")
    )
    _decide(wish, ExtensionStatus.REFUSED, reason, by)
    record_event(
        verb="extension.refused",
        target=wish.call,
        by=by,
        reason=reason,
        details={"organisation": wish.organisation.name},
    )
    closes_at = closing_of(wish.call, wish.organisation)
    is_over = closes_at is not None and closes_at < days.now()
    context = {"wish": wish, "closes_at": closes_at, "reason": reason, "is_over": is_over}
    _tell_writers(REFUSED, wish.call, wish.organisation, context)
    return wish


def _decide(wish: ExtensionRequest, status: ExtensionStatus, reason: str, by: User) -> None:
    wish.status, wish.reason, wish.decided_by = status, reason, by
    wish.decided_at = days.now()
    wish.save(update_fields=["status", "reason", "decided_by", "decided_at"])
    touch(wish, wish.call)


def _tell_writers(
    template: str, call: Call, organisation: Organisation, context: dict[str, Any]
) -> None:
    """Mail each writer of the organisation; what an earlier such mail said holds no more."""
    withdraw_mails(
        about=[key_of(call)],
        owner=key_of(organisation),
        kinds=[GRANTED, REFUSED, OPENED],
        why=_("The closing time of the city has changed since."),
    )
    members = organisation.memberships.filter(role__in=WRITERS, user__is_active=True)
    for member in members.select_related("user").order_by("pk"):
        send_mail(
            template=template,
            to=member.user.email,
            language=member.user.language,
            context={
                "reader": member.user,
                "call": call,
                "organisation": organisation,
                **context,
            },
            about=key_of(call),
            owner=key_of(organisation),
        )


@transaction.atomic
def make_late_code(
    *,
    call: Call,
    organisation: Organisation,
    expires_at: dt.datetime,
    closes_at: dt.datetime,
    reason: str,
    by: User,
) -> tuple[LateCode, str]:
    """Make a code that opens the call for one organisation; return it with its words, once.

    Nobody can read the words again: only their hash is kept, and no mail holds them. A code of
    the organisation that was not used is taken back. Raises InvalidError without a reason and
    for times out of order, WrongStateError for a draft of a call.
    """
    _require_staff(by)
    call = lock(call)
    if call.status != CallStatus.PUBLISHED:
        raise WrongStateError(_("Nobody can apply to this call yet. Publish it first."))
    reason = clean_reason(reason, missing=_("Write why this city may enter late."))
    _check_later(closes_at, closing_of(call, organisation))
    now = days.now()
    if not now < expires_at <= closes_at:
        raise InvalidError(
            _("The code runs out in the future, and before the city must have sent."),
            field="expires_at",
        )
    open_codes = call.late_codes.filter(organisation=organisation, used_at=None, revoked_at=None)
    open_codes.update(revoked_at=now, revoked_because=_("A newer code was made."))
    words = "-".join(
        "".join(secrets.choice(ALPHABET) for _letter in range(BLOCK)) for _block in range(BLOCKS)
    )
    code = LateCode.objects.create(
        call=call,
        organisation=organisation,
        code_hash=hash_of_code(words),
        reason=reason,
        made_by=by,
        expires_at=expires_at,
        closes_at=closes_at,
    )
    record_event(
        verb="late_code.made",
        target=call,
        by=by,
        reason=reason,
        details={"organisation": organisation.name, "after": instant_for_record(closes_at)},
    )
    return code, words


@transaction.atomic
def redeem_late_code(
    *, call: Call, organisation: Organisation, code: str, by: User
) -> OwnClosing | None:
    """Open the call for the organisation with its code; None for a code that does not fit.

    A wrong code is no error, so that it stays on record: after MOST_WRONG of them within a day
    nothing more is tried (WrongStateError). A colleague who types the same code finds what it
    opened. Whoever has the code of another organisation or call is told no more than that it
    does not fit.
    """
    _require_writer(by, "calls.redeem_code", organisation)
    # The attempts of one organisation come one after the other.
    organisation = lock(organisation)
    _check_attempts(call, organisation, by)
    found = LateCode.objects.select_for_update().filter(
        code_hash=hash_of_code(code), call=call, organisation=organisation
    )
    row = found.first()
    if row is not None and row.state == CodeState.USED:
        return row.closing
    if row is None or row.state != CodeState.OPEN:
        record_event(
            verb="late_code.refused",
            target=call,
            by=by,
            details={"organisation": organisation.name, "key": key_of(organisation)},
        )
        return None
    row.used_at, row.used_by = days.now(), by
    row.save(update_fields=["used_at", "used_by"])
    closing = OwnClosing.objects.create(
        call=call, organisation=organisation, closes_at=row.closes_at, code=row
    )
    touch(call)
    record_event(
        verb="late_code.used",
        target=call,
        by=by,
        details={"organisation": organisation.name, "after": instant_for_record(row.closes_at)},
    )
    _tell_writers(OPENED, call, organisation, {"closes_at": row.closes_at, "by": by})
    return closing


def _check_attempts(call: Call, organisation: Organisation, by: User) -> None:
    since = days.now() - dt.timedelta(days=1)
    wrong = AuditEvent.objects.filter(verb="late_code.refused", at__gt=since)
    by_city = wrong.filter(target_id=str(call.pk), facts__key=key_of(organisation))
    if wrong.filter(words__actor=by).count() >= MOST_WRONG or by_city.count() >= MOST_WRONG:
        raise WrongStateError(
            _(
                "Too many codes did not fit. Ask the coordination unit for a new one, or try "
                "again tomorrow."
            ),
            code="too_many",
        )


@transaction.atomic
def revoke_late_code(*, code: LateCode, reason: str, by: User) -> LateCode:
    """Take a code back; what it had opened closes again. Twice changes nothing.

    What the organisation has sent stands. Raises InvalidError without a reason.
    """
    _require_staff(by)
    lock(code.organisation)
    code = lock(code, "call", "organisation")
    if code.revoked_at:
        return code
    reason = clean_reason(reason, missing=_("Write why the code is taken back."))
    code.revoked_at, code.revoked_because = days.now(), reason
    code.save(update_fields=["revoked_at", "revoked_because"])
    OwnClosing.objects.filter(code=code).delete()
    withdraw_mails(
        about=[key_of(code.call)],
        owner=key_of(code.organisation),
        kinds=[OPENED],
        why=_("The code was taken back."),
    )
    touch(code.call)
    record_event(
        verb="late_code.revoked",
        target=code.call,
        by=by,
        reason=reason,
        details={"organisation": code.organisation.name},
    )
    return code
