"""Expressions of interest: begun, written, sent, withdrawn by the city; decided by staff."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.eligibility import instant_words
from applications.models import Interest
from applications.selectors.interests import (
    application_after,
    interest_of,
    interest_tasks,
    people_of,
    withdrawn_interest_of,
)
from applications.services.answering import Answers, Sitting, sections_asked
from applications.services.details import refuse_who_cannot
from applications.services.locking import not_yours, require_reason
from applications.snapshots import content_print, interest_snapshot
from applications.states import InterestOutcome, InterestStatus
from core.duties import services as duties
from core.duties.catalogue import key_of
from core.kit import days
from core.kit.errors import InvalidError, StaleError, WrongStateError
from core.kit.fingerprints import fingerprint
from core.kit.writes import clean_reason, hold, lock, require
from core.post.mail import send_mail
from core.post.services import withdraw_mails
from core.trail.services import record_event
from programme.calls.models import Call
from programme.calls.selectors import phase_for
from programme.calls.services import next_reference
from programme.calls.states import CallPhase
from programme.organisations.models import Organisation
from programme.organisations.services import require_confirmed
from programme.organisations.services.rights import lock_by_right
from programme.states import Origin
from questionnaires.models import CallQuestionnaire, TemplateVersion
from questionnaires.selectors import published_version
from questionnaires.services import Saved, carry_answers, close_response, open_response
from questionnaires.states import Purpose

S = InterestStatus
# The programme's own questions, where a call names no others.
TEMPLATE = "expression-of-interest"
WRITTEN = "interest.section_written"
# Mails on a decision, which must not leave once it is taken back.
DECIDED_MAILS = ("interest_invited", "interest_declined", "reminder_interest_invited")


def _lock_interest(interest: Interest, permission: str, by: User, **more: Any) -> Interest:
    """Re-read a row under its lock, with what the services ask of it, for who has the right."""
    return lock_by_right(
        interest,
        permission,
        *("call", "organisation__country", "response"),
        organisation="organisation",
        by=by,
        otherwise=not_yours(),
        **more,
    )


def require_open_stage(call: Call, now: dt.datetime | None = None) -> None:
    """Raise WrongStateError unless the call takes expressions of interest at `now`."""
    now = now or days.now()
    if call.takes_interests(now):
        return
    if call.interest_closes_at is None:
        raise WrongStateError(
            _("This call has one stage: start the application itself."), code="one_stage"
        )
    if call.phase(now) in (CallPhase.DRAFT, CallPhase.COMING):
        raise WrongStateError(
            _("The call is not open yet. Come back when it opens."), code="call_not_open"
        )
    raise WrongStateError(
        _(
            "Expressions of interest were taken until %(closed)s; our clock says %(now)s. What you "
            "wrote is kept as it was. Write to the coordination unit if you need help."
        )
        % {"closed": instant_words(call.interest_closes_at), "now": instant_words(now)},
        code="stage_closed",
    )


def _questions_of(call: Call) -> TemplateVersion:
    chosen = CallQuestionnaire.objects.filter(call=call, purpose=Purpose.EXPRESSION).first()
    if chosen is not None:
        return chosen.version
    try:
        return published_version(TEMPLATE)
    except TemplateVersion.DoesNotExist as error:
        raise WrongStateError(
            _("The questions of this call are not published yet. Ask the coordination unit.")
        ) from error


@transaction.atomic
def start_interest(*, call: Call, organisation: Organisation, by: User) -> Interest:
    """Begin the expression of interest of an organisation, or return the one it has.

    One that was withdrawn is taken over. Raises NotAllowedError for who does not write for the
    organisation, InvalidError for who cannot apply to the call at all, and WrongStateError while
    its first stage is not open.
    """
    # Two clicks at once: the second waits here, then finds what the first began.
    lock(organisation)
    call = Call.objects.get(pk=call.pk)
    interest = Interest(call=call, organisation=organisation)
    require(
        by,
        "applications.edit_interest",
        interest,
        otherwise=_("Only a lead or editor of %(name)s can express its interest. Ask one of them.")
        % {"name": organisation.name},
    )
    existing = interest_of(call, organisation)
    if existing is not None:
        return existing
    refuse_who_cannot(call, organisation)
    require_open_stage(call)
    interest.response = open_response(_questions_of(call))
    interest.created_by = by
    interest.is_demo = by.is_demo or organisation.origin == Origin.DEMO
    try:
        with transaction.atomic():
            interest.save()
    except IntegrityError:
        # Where rows cannot be locked, the constraint decided: the other one counts.
        return Interest.objects.exclude(status=S.WITHDRAWN).get(
            call=call, organisation=organisation
        )
    former = withdrawn_interest_of(call, organisation)
    if former is not None:
        carry_answers(source=former.response, target=interest.response)
    duties.touch(interest)
    record_event(verb="interest.started", target=interest, by=by)
    return interest


@transaction.atomic
def save_interest_section(*, interest: Interest, answers: Answers, by: User) -> Saved:
    """Save (question key, value, version read); what conflicts comes back with both texts.

    Raises WrongStateError once it was sent or the first stage closed.
    """
    sitting = Sitting(WRITTEN, sections_asked(interest.response, answers))
    # Whoever writes on a response of an expression of interest holds this lock.
    marks = sitting.on_record(Interest, by)
    interest = _lock_interest(interest, "applications.edit_interest", by, **marks)
    if not interest.is_draft:
        raise WrongStateError(
            _(
                "This expression of interest has been sent and takes no more changes. Copy your "
                "text to keep it, and open it to read what was sent."
            ),
            code="sent",
        )
    require_open_stage(interest.call)
    return sitting.write(interest, interest.response, answers, by)


@transaction.atomic
def send_interest(*, interest: Interest, by: User, shown: str | None = None) -> Interest:
    """Send it: give the reference, freeze what it says with its fingerprint, queue the receipt.

    What is sent already is returned unchanged, so a second click does no harm. `shown` is what
    its reader saw (`content_print`). Raises WrongStateError when the first stage is closed or it
    was withdrawn, InvalidError naming what is missing, StaleError when it says something else now.
    """
    # Who moves the close of the first stage comes before this or after it.
    hold(Call, interest.call_id)
    interest = _lock_interest(interest, "applications.send_interest", by)
    if interest.status == S.WITHDRAWN:
        raise WrongStateError(
            _("This was withdrawn. Express your interest anew while the first stage is open."),
            code="withdrawn",
        )
    if not interest.is_draft:
        return interest
    # One instant for the rule and the record.
    now = days.now()
    require_open_stage(interest.call, now)
    require_confirmed(interest.organisation)
    _refuse_gaps(interest)
    if shown is not None and shown != content_print(interest_snapshot(interest)):
        raise StaleError(
            _(
                "Nothing is sent yet: an answer was changed after you opened this page. Read it "
                "once more, then send it."
            )
        )
    interest.reference = next_reference(prefix=f"{interest.call.code}-EI")
    interest.mark_sent()
    interest.sent_at, interest.sent_by = now, by
    interest.snapshot = interest_snapshot(interest, at=now, by=by)
    interest.sha256 = fingerprint(interest.snapshot)
    fields = ["reference", "status", "sent_at", "sent_by", "snapshot", "sha256"]
    interest.save(update_fields=fields)
    close_response(interest.response)
    duties.touch(interest)
    details = {"reference": interest.reference}
    record_event(verb="interest.sent", target=interest, by=by, details=details)
    _write_to_city(interest, "interest_received")
    return interest


def _refuse_gaps(interest: Interest) -> None:
    gaps = [f"{task.title}: {gap}" for task in interest_tasks(interest) for gap in task.missing]
    if gaps:
        raise InvalidError(
            _("Before you can send it: %(gaps)s") % {"gaps": " ".join(gaps)}, code="incomplete"
        )


@transaction.atomic
def withdraw_interest(*, interest: Interest, by: User, reason: str = "") -> Interest:
    """Close it at the city's wish. Withdrawing twice changes nothing.

    Raises WrongStateError for one that was declined, and once the full application is begun.
    """
    interest = _lock_interest(interest, "applications.withdraw_interest", by)
    if interest.status == S.WITHDRAWN:
        return interest
    if not interest.can_be_withdrawn:
        raise WrongStateError(
            _("You were not invited, so there is nothing to withdraw."), code="decided"
        )
    if application_after(interest):
        raise WrongStateError(
            _("Your team has begun the full application. Withdraw that one; this one is done."),
            code="begun",
        )
    reason = clean_reason(reason)
    was_sent = interest.sent_at is not None
    interest.mark_withdrawn()
    interest.save(update_fields=["status"])
    close_response(interest.response)
    duties.touch(interest)
    _take_mails_back(interest, _("The expression of interest was withdrawn."))
    record_event(verb="interest.withdrawn", target=interest, by=by, reason=reason)
    if was_sent:
        _write_to_city(interest, "interest_withdrawn", reason=reason)
    return interest


@dataclass(frozen=True)
class Decided:
    """What became of several: those that were decided now, and those left as they are."""

    done: list[Interest]
    left: list[Interest]


@transaction.atomic
def decide_interests(
    *, interests: Collection[Interest], outcome: str, reason: str, by: User
) -> Decided:
    """Invite their cities to apply, or decline, with one reason; each city gets its own mail.

    Those that somebody decided, or their city withdrew, meanwhile are left as they are. Raises
    InvalidError without a reason, WrongStateError when nothing is left to decide or the call has
    closed for one of those that are to be invited.
    """
    if outcome not in InterestOutcome.values:
        raise InvalidError(_("Choose to invite or not to invite."), field="outcome")
    # In one order, so that two who decide the same ones do not wait for each other.
    rows = [_lock_to_decide(row, by) for row in sorted(interests, key=lambda row: row.pk)]
    reason = require_reason(reason)
    found = Decided([row for row in rows if row.is_sent], [row for row in rows if not row.is_sent])
    if not found.done:
        _refuse_decided(found.left)
    for row in found.done:
        _decide(row, InterestOutcome(outcome), reason, by)
    return found


def _lock_to_decide(interest: Interest, by: User) -> Interest:
    interest = lock(interest, "call", "organisation__country", "response")
    require(
        by,
        "applications.decide_interest",
        interest,
        otherwise=_("Only coordinators decide who is invited. Ask one of them."),
    )
    return interest


def _refuse_decided(left: Collection[Interest]) -> None:
    """Raise WrongStateError: say kindly that somebody else was first, and who."""
    if not left:
        raise InvalidError(_("Choose at least one expression of interest."), field="chosen")
    names = [
        _("%(city)s: %(status)s, %(name)s")
        % {
            "city": row.organisation.name,
            "status": row.get_status_display(),
            "name": row.decided_by or _("its city"),
        }
        for row in left
    ]
    raise WrongStateError(
        _("This was decided meanwhile (%(rows)s). Open the list again.")
        % {"rows": "; ".join(names)},
        code="moved_on",
    )


def _decide(interest: Interest, outcome: InterestOutcome, reason: str, by: User) -> None:
    """Move a locked row, keep who decided when and why, and tell the city."""
    if outcome == InterestOutcome.INVITE:
        if phase_for(interest.call, interest.organisation) != CallPhase.OPEN:
            raise WrongStateError(
                _("The call has closed: nobody could apply any more. Move its deadline first."),
                code="call_closed",
            )
        interest.mark_invited()
    else:
        interest.mark_declined()
    interest.decided_at, interest.decided_by, interest.reason = days.now(), by, reason
    interest.save(update_fields=["status", "decided_at", "decided_by", "reason"])
    duties.touch(interest)
    record_event(verb=f"interest.{outcome}", target=interest, by=by, reason=reason)
    _write_to_city(interest, f"interest_{outcome}", reason=reason)


@transaction.atomic
def take_back_decision(*, interest: Interest, reason: str, by: User) -> Interest:
    """Open the decision again; the city is told why. A draft it has begun stays, and waits.

    Raises WrongStateError when there is no decision, and once the full application was sent.
    """
    interest = _lock_to_decide(interest, by)
    if not interest.is_decided:
        raise WrongStateError(
            _("There is no decision to take back: %(status)s. Open the page again.")
            % {"status": interest.get_status_display()},
            code="undecided",
        )
    reason = require_reason(reason)
    application = application_after(interest)
    if application is not None and application.submitted_at:
        raise WrongStateError(
            _("The city has sent its application (%(reference)s): decide that one.")
            % {"reference": application.reference},
            code="applied",
        )
    was_invited = interest.is_invited
    interest.mark_taken_back()
    interest.decided_at, interest.decided_by, interest.reason = None, None, ""
    interest.save(update_fields=["status", "decided_at", "decided_by", "reason"])
    duties.touch(interest)
    _take_mails_back(interest, _("The decision was taken back."))
    record_event(verb="interest.taken_back", target=interest, by=by, reason=reason)
    _write_to_city(interest, "interest_taken_back", reason=reason, was_invited=was_invited)
    return interest


def _take_mails_back(interest: Interest, why: str) -> None:
    withdraw_mails(about=[key_of(interest)], kinds=DECIDED_MAILS, why=why)


def _write_to_city(interest: Interest, template: str, **values: Any) -> None:
    """Queue a mail to the leads and to who sent it, each once."""
    for person in people_of(interest):
        send_mail(
            template=template,
            to=person.email,
            language=person.language,
            context={"interest": interest, "reader": person, **values},
            about=key_of(interest),
            owner=key_of(interest.organisation),
        )
