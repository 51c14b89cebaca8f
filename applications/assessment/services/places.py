"""A city gives its place up; the reserve list moves up, by a step of staff and a release."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.assessment.models import FreePlace, Outcome, Paragraph
from applications.assessment.selectors.places import next_of, reserve_list
from applications.assessment.services.outcomes import prepare_outcome
from applications.assessment.states import PendingOutcome
from applications.models import Application
from applications.services import give_up_acceptance
from applications.services.locking import lock_application, refuse_moved, require_reason
from applications.states import ApplicationStatus
from core.duties.services import touch
from core.kit import days
from core.kit.errors import StaleError, WrongStateError
from core.kit.sockets import plugged
from core.kit.writes import lock, require
from core.trail.services import record_event
from programme.organisations.rules import role_in

# So long a place is offered to the next before the coordinators are reminded again.
FILL_WITHIN = dt.timedelta(days=7)


def what_holds(application: Application, *, for_staff: bool) -> list[str]:
    """Return, as sentences with the way out, what rests on the place of an application.

    The socket is `correcting.py` with a function of the name `holds_the_place`.
    """
    return [
        sentence
        for module in plugged("correcting")
        for sentence in module.holds_the_place(application, for_staff=for_staff)
    ]


@transaction.atomic
def give_up_place(*, application: Application, reason: str, by: User) -> FreePlace:
    """Let a lead of an accepted city, or staff for it, give its place up; the place is free.

    Nobody takes it by itself. A second time changes nothing. Raises WrongStateError where no
    place is held, or while a pairing rests on it: that one is ended first.
    """
    application = lock_application(
        application, "applications.give_up_place", by, above=("organisation",)
    )
    given = FreePlace.objects.filter(application=application).first()
    if given is not None:
        return given
    if application.status != ApplicationStatus.ACCEPTED:
        refuse_moved(application)
    is_on_behalf = role_in(by, application.organisation) is None
    if sentences := what_holds(application, for_staff=is_on_behalf):
        raise WrongStateError(" ".join(sentences), code="in_the_way")
    reason = require_reason(reason)
    application = give_up_acceptance(application=application, reason=reason, by=by)
    at = days.now()
    place = FreePlace.objects.create(
        application=application,
        reason=reason,
        at=at,
        by=by,
        is_on_behalf=is_on_behalf,
        fill_by=at + FILL_WITHIN,
    )
    touch(place)
    record_event(verb="place.freed", target=place, by=by, reason=reason)
    return place


@transaction.atomic
def fill_place(
    *,
    place: FreePlace,
    application: Application,
    reason: str,
    by: User,
    read_version: int = 0,
    paragraphs: Collection[Paragraph] = (),
) -> Outcome:
    """Prepare the acceptance of the next on the reserve list; its letter waits for a release.

    The order is that of the ranking as it was released. Raises StaleError when another is next by
    now, WrongStateError when the place is taken, left empty, or nobody waits for it.
    """
    place = _lock_free(place, by)
    row = next(
        (
            one
            for one in next_of(reserve_list(place.application.call))
            if one.application.pk == application.pk
        ),
        None,
    )
    if row is None:
        raise StaleError(
            _("The reserve list has moved since you looked. Read who is next, then go on.")
        )
    outcome = prepare_outcome(
        application=application,
        outcome=PendingOutcome.ACCEPT,
        reason=reason,
        paragraphs=paragraphs,
        by=by,
        read_version=read_version,
        place=place,
    )
    # A place that they were to take before, and did not keep, is no longer theirs.
    FreePlace.objects.filter(taken_by=application).exclude(pk=place.pk).update(
        taken_by=None, taken_at=None
    )
    place.taken_by, place.taken_at = application, days.now()
    place.save(update_fields=["taken_by", "taken_at"])
    record_event(verb="place.offered", target=place, by=by, details={"rank": row.rank})
    return outcome


@transaction.atomic
def leave_empty(*, place: FreePlace, reason: str, by: User) -> FreePlace:
    """Leave a free place empty, with a reason: nobody of the reserve list moves up into it."""
    place = _lock_free(place, by)
    reason = require_reason(reason)
    place.closed_at, place.closed_by, place.closed_because = days.now(), by, reason
    place.save(update_fields=["closed_at", "closed_by", "closed_because"])
    record_event(verb="place.left_empty", target=place, by=by, reason=reason)
    return place


@transaction.atomic
def reopen_place(*, place: FreePlace, reason: str, by: User) -> FreePlace:
    """Let a place that was left empty be filled after all, with a reason: it is free again.

    It is offered to the next within the usual time from now. Raises WrongStateError for a place
    that is not left empty.
    """
    place = _lock_place(place, by)
    if place.closed_at is None:
        raise WrongStateError(
            _("This place is not left empty any more. Open the reserve list again."),
            code="not_empty",
        )
    reason = require_reason(reason)
    place.closed_at, place.closed_by, place.closed_because = None, None, ""
    place.fill_by = days.now() + FILL_WITHIN
    place.save(update_fields=["closed_at", "closed_by", "closed_because", "fill_by"])
    touch(place)
    record_event(verb="place.reopened", target=place, by=by, reason=reason)
    return place


def _lock_place(place: FreePlace, by: User) -> FreePlace:
    """Re-read a place under the lock of its call: one step on the places of a call at a time."""
    place = lock(place, "application__call", above=("application__call",))
    require(
        by,
        "assessment.prepare_outcome",
        place.application,
        otherwise=_("Only coordinators fill a place. Ask one of them."),
    )
    return place


def _lock_free(place: FreePlace, by: User) -> FreePlace:
    """Re-read a place that is free, under the lock of its call: one after the other moves up."""
    place = _lock_place(place, by)
    if not FreePlace.objects.to_fill().filter(pk=place.pk).exists():
        raise WrongStateError(
            _("Somebody has filled this place, or left it empty. Open the reserve list again."),
            code="not_free",
        )
    return place
