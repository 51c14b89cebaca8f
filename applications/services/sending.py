"""Sending and withdrawing."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.eligibility import CallRules
from applications.models import Application, Submission
from applications.selectors import call_rules, facts_of, tasks_of
from applications.services.letters import write_to_city
from applications.services.locking import (
    lock_application,
    require_open_call,
)
from applications.snapshots import snapshot_of
from applications.states import ApplicationStatus
from core.kit import days
from core.kit.errors import InvalidError, WrongStateError
from core.kit.writes import clean_reason
from core.trail.services import record_event
from programme.calls.services import next_reference
from questionnaires.services import close_response

S = ApplicationStatus


@transaction.atomic
def submit_application(*, application: Application, by: User, declared: bool = True) -> Application:
    """Send the application: give the reference, keep what was sent as a row, queue the receipt.

    Sending again what is sent already returns it unchanged, so a second click does no
    harm. `declared` says that the call's commitments were accepted on the page. Raises
    WrongStateError when the call is closed or the application withdrawn, InvalidError
    naming what is missing.
    """
    application = lock_application(application, "applications.submit_application", by)
    if application.status == S.WITHDRAWN:
        raise WrongStateError(
            _("This application was withdrawn. Start a new one while the call is open."),
            code="withdrawn",
        )
    if application.status != S.DRAFT:
        return application
    # One instant for the rule and the record: what was in time must not be written down as late.
    now = days.now()
    require_open_call(application, now)
    rules = call_rules(application.call)
    _refuse_gaps(application, rules)
    if not declared:
        raise InvalidError(
            _("Accept the commitments and the declarations to send the application."),
            field="declared",
            code="not_declared",
        )
    application.commitments_accepted = True
    application.reference = next_reference(prefix=application.call.code)
    application.submitted_at = now
    application.mark_submitted()
    application.save(update_fields=["commitments_accepted", "reference", "submitted_at", "status"])
    submission = Submission.objects.create(
        application=application,
        number=application.submissions.next_number(),
        at=now,
        by=by,
        snapshot=snapshot_of(application, at=now, by=by),
        rules=rules.as_json(),
    )
    if application.response is not None:
        close_response(application.response)
    record_event(
        verb="application.submitted",
        target=application,
        by=by,
        details={"reference": application.reference},
    )
    write_to_city(application, "application_received", {"submission": submission})
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

    Withdrawing twice changes nothing. Raises WrongStateError once it is decided.
    """
    application = lock_application(application, "applications.withdraw_application", by)
    if application.status == S.WITHDRAWN:
        return application
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
    was_sent = application.submitted_at is not None
    application.mark_withdrawn()
    application.save(update_fields=["status"])
    if application.response is not None:
        close_response(application.response)
    record_event(verb="application.withdrawn", target=application, by=by, reason=reason)
    if was_sent:
        write_to_city(application, "application_withdrawn", {"reason": reason})
    return application
