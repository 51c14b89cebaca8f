"""Who assesses an application, and may therefore see it."""

from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import StaffRole
from applications.models import Application, Assignment
from applications.selectors import people_with_a_link
from applications.selectors.beside import why_nobody_is_named
from applications.services.locking import lock_application, refuse_moved
from applications.states import ApplicationStatus
from core.kit.errors import InvalidError, WrongStateError
from core.trail.services import record_event

S = ApplicationStatus


@transaction.atomic
def assign_assessor(*, application: Application, assessor: User, by: User) -> Assignment:
    """Let an assessor see the application; assigning twice changes nothing.

    Raises WrongStateError once the assessment of its call is closed, InvalidError for who is no
    assessor or has a link with the applicant.
    """
    # Whoever closes the assessment holds the call.
    application = lock_application(application, "applications.assign_assessor", by, above=("call",))
    if application.status in (S.DRAFT, S.WITHDRAWN):
        refuse_moved(application)
    for words in why_nobody_is_named([application.call_id]).values():
        raise WrongStateError(words, code="assessment_closed")
    if assessor.staff_role != StaffRole.ASSESSOR or not assessor.is_active:
        raise InvalidError(
            _("%(name)s is no assessor. Choose one of the list.") % {"name": str(assessor)},
            field="assessor",
        )
    if people_with_a_link(application).filter(pk=assessor.pk).exists():
        raise InvalidError(
            _("%(name)s has a link with this applicant. Choose somebody else.")
            % {"name": str(assessor)},
            field="assessor",
        )
    row, made = Assignment.objects.get_or_create(
        application=application, assessor=assessor, defaults={"assigned_by": by}
    )
    if made:
        record_event(
            verb="application.assigned",
            target=application,
            by=by,
            details={"assessor": str(assessor)},
        )
    return row


@transaction.atomic
def unassign_assessor(
    *, application: Application, assessor: User, by: User, reason: str = ""
) -> None:
    """Take an assessor off the application: it is no longer visible to them."""
    application = lock_application(application, "applications.assign_assessor", by)
    rows = application.assignments.filter(assessor=assessor)
    _unassign(application, assessor, rows, by, reason)


@transaction.atomic
def take_back_assignment(
    *, application: Application, assignment: int, by: User, reason: str
) -> None:
    """Take back the one assignment with this id; one that is gone already changes nothing.

    Whoever was taken off and named anew since, or was chosen to stay, stays. Raises InvalidError
    where they have begun to assess it, WrongStateError where they are kept by hand.
    """
    application = lock_application(application, "applications.assign_assessor", by)
    rows = application.assignments.filter(pk=assignment)
    row = rows.select_related("assessor").select_for_update(of=("self",)).first()
    if row is None:
        return
    if row.is_locked:
        raise WrongStateError(
            _("%(name)s was kept by hand since. Take them off on the page of the application.")
            % {"name": str(row.assessor)},
            code="kept",
        )
    _unassign(application, row.assessor, rows, by, reason)


def _unassign(
    application: Application,
    assessor: User,
    rows: "QuerySet[Assignment]",
    by: User,
    reason: str,
) -> None:
    try:
        deleted, _rows = rows.delete()
    except ProtectedError as error:
        raise InvalidError(
            _("%(name)s has begun to assess it. Ask them to abstain: what they wrote is kept.")
            % {"name": str(assessor)},
        ) from error
    if deleted:
        record_event(
            verb="application.unassigned",
            target=application,
            by=by,
            reason=reason,
            details={"assessor": str(assessor)},
        )
