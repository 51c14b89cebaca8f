"""Codes for a late entry: each opens a closed call for one city, once or a few times."""

import datetime as dt
import secrets

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from core.duties.catalogue import key_of
from core.duties.services import touch
from core.kit import days
from core.kit.errors import InvalidError, WrongStateError
from core.kit.writes import clean_reason, lock
from core.post.services import withdraw_mails
from core.trail.models import AuditEvent
from core.trail.services import record_event
from programme.calls.models import Call, LateCode, OwnClosing
from programme.calls.models.closings import hash_of_code
from programme.calls.selectors import closing_of
from programme.calls.services.calls import instant_for_record
from programme.calls.services.closings import (
    OPENED,
    check_later,
    require_staff,
    require_writer,
    tell_writers,
)
from programme.calls.states import CallStatus, CodeState
from programme.organisations.models import Organisation

# No letter or digit that is read as another: no I, L, O, U, 0 or 1.
ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
BLOCKS, BLOCK = 4, 4
# Wrong codes of one person, and for one organisation and call, within a day.
MOST_WRONG = 5
# How often a code can open the call, and the longest time that each use may give.
MOST_USES, MOST_HOURS = 5, 14 * 24


@transaction.atomic
def make_late_code(
    *,
    call: Call,
    organisation: Organisation,
    expires_at: dt.datetime,
    closes_at: dt.datetime,
    reason: str,
    by: User,
    uses: int = 1,
    hours: int | None = None,
) -> tuple[LateCode, str]:
    """Make a code that opens the call for one organisation; return it with its words, once.

    It can be used `uses` times; each opens the call for `hours`, without any until `closes_at`.
    Nobody can read the words again: only their hash is kept, and no mail holds them. A code of
    the organisation that was not used is taken back; of one that was, no use is left. Raises
    InvalidError without a reason, for times out of order and for uses without an end,
    WrongStateError for a draft of a call.
    """
    require_staff(by)
    call = lock(call)
    if call.status != CallStatus.PUBLISHED:
        raise WrongStateError(_("Nobody can apply to this call yet. Publish it first."))
    reason = clean_reason(reason, missing=_("Write why this city may enter late."))
    check_later(closes_at, closing_of(call, organisation))
    now = days.now()
    if not now < expires_at <= closes_at:
        raise InvalidError(
            _("The code runs out in the future, and before the city must have sent."),
            field="expires_at",
        )
    _check_uses(uses, hours)
    former = call.late_codes.filter(organisation=organisation, revoked_at=None)
    former.filter(used=0).update(revoked_at=now, revoked_because=_("A newer code was made."))
    former.filter(used__gt=0).update(uses=F("used"))
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
        uses=uses,
        hours=hours,
    )
    record_event(
        verb="late_code.made",
        target=call,
        by=by,
        reason=reason,
        details={
            "organisation": organisation.name,
            "after": instant_for_record(closes_at),
            "uses": uses,
        },
    )
    return code, words


def _check_uses(uses: int, hours: int | None) -> None:
    if not 1 <= uses <= MOST_USES:
        raise InvalidError(
            _("A code can be used once, or up to %(most)d times.") % {"most": MOST_USES},
            field="uses",
        )
    if uses > 1 and hours is None:
        raise InvalidError(
            _("Say for how many hours each use opens the call: otherwise the first is enough."),
            field="hours",
        )
    if hours is not None and not 1 <= hours <= MOST_HOURS:
        raise InvalidError(
            _("Each use opens the call for 1 to %(most)d hours.") % {"most": MOST_HOURS},
            field="hours",
        )


@transaction.atomic
def redeem_late_code(
    *, call: Call, organisation: Organisation, code: str, by: User
) -> OwnClosing | None:
    """Open the call for the organisation with its code; None for a code that does not fit.

    A wrong code is no error, so that it stays on record: after MOST_WRONG of them within a day
    nothing more is tried (WrongStateError). While it is open, a colleague who types the same code
    finds what it opened, and no use is counted; once all uses are over, that is told
    (WrongStateError). Whoever has the code of another organisation or call is told no more than
    that it does not fit.
    """
    require_writer(by, "calls.redeem_code", organisation)
    # The attempts of one organisation come one after the other.
    organisation = lock(organisation)
    _check_attempts(call, organisation, by)
    found = LateCode.objects.select_for_update().filter(
        code_hash=hash_of_code(code), call=call, organisation=organisation
    )
    row, now = found.first(), days.now()
    if row is not None and row.revoked_at is None:
        last = row.closings.order_by("-closes_at").first()
        if last is not None and last.closes_at >= now:
            return last
        if last is not None and row.state == CodeState.USED:
            raise WrongStateError(
                _(
                    "This code was used, and what it had opened is closed again. Ask the "
                    "coordination unit for a new one."
                ),
                code="used_up",
            )
    if row is None or row.state != CodeState.OPEN:
        record_event(
            verb="late_code.refused",
            target=call,
            by=by,
            details={"organisation": organisation.name, "key": key_of(organisation)},
        )
        return None
    row.used, row.used_at, row.used_by = row.used + 1, now, by
    row.save(update_fields=["used", "used_at", "used_by"])
    closes_at = row.closes_at
    if row.hours is not None:
        closes_at = min(closes_at, now + dt.timedelta(hours=row.hours))
    closing = OwnClosing.objects.create(
        call=call, organisation=organisation, closes_at=closes_at, code=row
    )
    touch(call)
    record_event(
        verb="late_code.used",
        target=call,
        by=by,
        details={
            "organisation": organisation.name,
            "after": instant_for_record(closes_at),
            "use": row.used,
        },
    )
    tell_writers(OPENED, call, organisation, {"closes_at": closes_at, "by": by})
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
    require_staff(by)
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
