"""Closing times of single applicants: more time for a city that asks for it."""

import datetime as dt
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
from core.trail.services import record_event
from programme.calls.models import Call, ExtensionRequest, OwnClosing
from programme.calls.selectors import closing_of, phase_for
from programme.calls.services.calls import instant_for_record
from programme.calls.states import CallPhase, ExtensionStatus
from programme.organisations.models import Organisation
from programme.organisations.states import WRITERS

LONGEST_WISH = dt.timedelta(days=60)
GRANTED, REFUSED, OPENED = "extension_granted", "extension_refused", "late_entry_opened"


def require_staff(by: User) -> None:
    """Raise NotAllowedError unless the person decides on closing times."""
    require(
        by,
        "calls.decide_closings",
        otherwise=_("Only coordinators give a city more time. Ask one of them."),
    )


def require_writer(by: User, permission: str, organisation: Organisation) -> None:
    """Raise NotAllowedError unless the person has the permission on the organisation."""
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
    require_writer(by, "calls.ask_extension", organisation)
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
    if wished_until <= days.now():
        raise InvalidError(_("This time has passed. Choose a later one."), field="closes_at")
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
    require_staff(by)
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
    check_later(closes_at, before)
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
    tell_writers(GRANTED, wish.call, wish.organisation, context)
    return closing


def check_later(closes_at: dt.datetime, before: dt.datetime | None) -> None:
    """Raise InvalidError for a closing time that has passed, or gives no more time."""
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
    tell_writers(REFUSED, wish.call, wish.organisation, context)
    return wish


def _decide(wish: ExtensionRequest, status: ExtensionStatus, reason: str, by: User) -> None:
    wish.status, wish.reason, wish.decided_by = status, reason, by
    wish.decided_at = days.now()
    wish.save(update_fields=["status", "reason", "decided_by", "decided_at"])
    touch(wish, wish.call)


def tell_writers(
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
