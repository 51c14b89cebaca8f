"""Sending, withdrawing, and giving up a place."""

import datetime as dt
from collections.abc import Callable, Collection

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.eligibility import CallRules
from applications.models import Application, Submission
from applications.selectors import (
    call_rules,
    facts_of,
    searched_text,
    tasks_of,
    working_copy_of,
)
from applications.selectors.partnership import online_words_of
from applications.services.carrying import carry_over
from applications.services.checking import void_first_check
from applications.services.groups import tell_doubles, tell_members, tell_supporters
from applications.services.letters import write_to_city
from applications.services.links import end_links
from applications.services.locking import (
    lock_application,
    refuse_moved,
    require_open_call,
    require_reason,
)
from applications.services.passing import end_open_offers
from applications.services.reopening import close_copy
from applications.services.two_stages import require_invited
from applications.services.words import tell_dropped, words_but_for
from applications.snapshots import content_print, snapshot_of
from applications.states import ApplicationStatus, Declaration, LinkEnd, declarations_for
from core.files.services import atomic_with_files
from core.kit import days
from core.kit.errors import InvalidError, StaleError, WrongStateError
from core.kit.writes import clean_reason, hold, lock
from core.trail.services import record_event
from programme.calls.models import Call
from programme.calls.selectors import closing_of
from programme.calls.services import next_reference
from programme.organisations.services import require_confirmed
from questionnaires.services import close_response

S = ApplicationStatus


@atomic_with_files()
def submit_application(
    *,
    application: Application,
    by: User,
    declared: Collection[str] = (),
    shown: str | None = None,
) -> Application:
    """Send the application: give the reference, keep what was sent as a row, queue the receipt.

    A working copy is sent in the place of what its city sent before: that one is returned. What
    is sent already is returned unchanged, so a second click does no harm. `declared` are
    the keys of what was declared on the page, all of which are asked for (`declarations_for`),
    `shown` what its reader saw there (`content_print`). Raises WrongStateError when the call is
    closed, its organisation not (or no longer) invited, or the application withdrawn or decided,
    InvalidError naming what is missing, StaleError when it says something else now.
    """
    _wait_for_others(application)
    standing = _lock_standing(application, by)
    application = lock_application(application, "applications.submit_application", by)
    if standing is not None and not application.is_draft:
        return standing
    if application.status == S.WITHDRAWN:
        raise WrongStateError(
            _("This application was withdrawn. Start a new one while the call is open."),
            code="withdrawn",
        )
    if not application.is_draft:
        return application
    # One instant for the rule and the record: what was in time must not be written down as late.
    now = days.now()
    require_open_call(application, now)
    require_confirmed(application.organisation)
    closes_at = closing_of(application.call, application.organisation)
    rules = call_rules(application.call, application.organisation.side, closes_at=closes_at)
    _refuse_gaps(application, rules)
    declarations = _declarations(application, declared)
    _refuse_other_content(application, shown)
    end_links(application, LinkEnd.SENT, at=now)
    if standing is None:
        require_invited(application.call, application.organisation)
        application.reference = next_reference(prefix=application.call.code)
        application.mark_submitted()
        return _record(application, rules, declarations, at=now, by=by)
    _refuse_decided(standing)
    # Before the copy takes their place; an office that has signed anew knows.
    signed = {word.email for word in online_words_of(application)}
    gone = [word for word in online_words_of(standing) if word.email not in signed]
    carry_over(application, standing)
    tell_dropped(standing, gone, LinkEnd.SENT)
    close_copy(application)
    standing.mark_sent_again()
    void_first_check(standing)
    return _record(standing, rules, declarations, at=now, by=by)


def _wait_for_others(application: Application) -> None:
    """Let who changes the call, its close above all, come before this or after it.

    Where a municipality takes part once, send one after the other: the second finds the first.
    Locked before the application: whoever needs both locks the call first.
    """
    once = Call.objects.filter(pk=application.call_id, takes_part_once=True)
    if once.select_for_update(no_key=True).first() is None:
        hold(Call, application.call_id)


def _lock_standing(application: Application, by: User) -> Application | None:
    """Lock what a working copy stands for, before the copy: everybody locks in this order."""
    if application.revises is None:
        return None
    return lock_application(application.revises, "applications.submit_application", by)


def _declarations(application: Application, declared: Collection[str]) -> list[Declaration]:
    """Return what is declared; raise InvalidError at the first that is not."""
    asked = declarations_for(has_commitments=application.call.commitments.exists())
    for one in asked:
        if one not in declared:
            raise InvalidError(
                _("To send the application, declare: %(words)s") % {"words": one.label},
                field=one.value,
                code="not_declared",
            )
    return asked


def _refuse_other_content(application: Application, shown: str | None) -> None:
    """Raise StaleError when somebody changed what is to be sent since its reader saw it."""
    if shown is not None and shown != content_print(snapshot_of(application)):
        raise StaleError(
            _(
                "Nothing is sent yet: an answer was changed after you opened this page. Look at "
                "what is marked as changed, then declare and send once more."
            )
        )


def _refuse_decided(standing: Application) -> None:
    if not standing.can_be_changed:
        raise WrongStateError(
            _(
                "What you sent before has been decided (%(status)s), so it can no longer be "
                "replaced. Write to the coordination unit."
            )
            % {"status": standing.public_status},
            code="decided",
        )


def _record(
    application: Application,
    rules: CallRules,
    declarations: list[Declaration],
    *,
    at: dt.datetime,
    by: User,
) -> Application:
    """Keep what is sent as a row, under the lock of the application, and tell the city."""
    application.commitments_accepted = True
    application.submitted_at = at
    # Its reference is new.
    application.search_text = searched_text(application)
    fields = ["commitments_accepted", "reference", "search_text", "submitted_at", "status"]
    application.save(update_fields=fields)
    submission = Submission.objects.create(
        application=application,
        number=application.submissions.next_number(),
        at=at,
        by=by,
        snapshot=snapshot_of(application, at=at, by=by, declarations=declarations),
        rules=rules.as_json(),
    )
    if application.response is not None:
        close_response(application.response)
    record_event(
        verb="application.submitted" if submission.number == 1 else "application.sent_again",
        target=application,
        by=by,
        details={"reference": application.reference, "version": submission.number},
    )
    write_to_city(application, "application_received", {"submission": submission})
    tell_doubles(application)
    return application


def _refuse_gaps(application: Application, rules: CallRules) -> None:
    """Raise InvalidError naming all that is missing."""
    tasks = tasks_of(application, facts_of(application), rules)
    gaps = [f"{task.title}: {gap}" for task in tasks for gap in task.missing]
    if gaps:
        raise InvalidError(
            _("Before you can send the application: %(gaps)s") % {"gaps": " ".join(gaps)},
            code="incomplete",
        )


@transaction.atomic
def withdraw_application(*, application: Application, by: User, reason: str = "") -> Application:
    """Close the application at the city's wish; who was told of it before is told again.

    The reason is for staff alone. Withdrawing twice changes nothing. Raises WrongStateError once
    it is decided.
    """
    application = lock_application(application, "applications.withdraw_application", by)
    if application.status == S.WITHDRAWN:
        return application
    if application.is_copy:
        raise WrongStateError(
            _("These are changes to what you have sent. Drop them, or withdraw what was sent."),
            code="copy",
        )
    if not application.can_be_withdrawn:
        raise WrongStateError(
            _(
                "The application has been decided (%(status)s) and cannot be withdrawn "
                "here. Write to the coordination unit."
            )
            % {"status": application.public_status},
            code="decided",
        )
    reason = clean_reason(reason)
    end_open_offers(application, by)
    was_sent = application.submitted_at is not None
    _close(application, application.mark_withdrawn)
    record_event(verb="application.withdrawn", target=application, by=by, reason=reason)
    _tell_closed(application, "application_withdrawn" if was_sent else "", by)
    return application


@transaction.atomic
def give_up_acceptance(*, application: Application, by: User, reason: str) -> Application:
    """Close an accepted application at its city's wish; what was decided stays on record.

    Who was told of it is told again, not the reason. The organisation is locked first, as by who
    pairs it. It is the last part of giving a place up (`applications.assessment`), called there
    alone.
    """
    application = lock_application(
        application, "applications.give_up_place", by, above=("organisation",)
    )
    if application.status != S.ACCEPTED:
        refuse_moved(application)
    reason = require_reason(reason)
    _close(application, application.mark_given_up)
    record_event(verb="application.place_given_up", target=application, by=by, reason=reason)
    _tell_closed(application, "application_place_given_up", by)
    return application


def _tell_closed(application: Application, template: str, by: User) -> None:
    """Write to all who were told of an application that its city has closed it.

    Without the city's reason, which is for staff alone: the mails go to contacts and offices
    outside the team too.
    """
    if template:
        write_to_city(application, template)
    tell_members(application, language=by.language)
    tell_supporters(application, language=by.language)


def _close(application: Application, move: Callable[[], None]) -> None:
    """Move a locked application to where nobody works on it, and end what is open in it."""
    if copy := working_copy_of(application):
        end_links(copy, LinkEnd.WITHDRAWN)
        tell_dropped(copy, words_but_for(copy, application), LinkEnd.WITHDRAWN)
        close_copy(lock(copy, "response"))
    end_links(application, LinkEnd.WITHDRAWN)
    move()
    application.save(update_fields=["status"])
    if application.response is not None:
        close_response(application.response)
