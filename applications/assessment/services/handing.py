"""Handing over what an assessor has not answered."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.assessment.models import Assessment
from applications.models import Assignment
from applications.services import assign_assessor, unassign_assessor
from applications.services.locking import lock_application
from core.kit.rows import still_there
from core.trail.services import record_event


@transaction.atomic
def pass_on_reading(*, row: Assignment, to: User, by: User, reason: str = "") -> None:
    """Let another assessor read an application in the place of this one.

    What was begun stays, as an abstention for this reason; what was handed in meanwhile is left
    alone. Raises what assign_assessor raises, for an assessor with a link among them.
    """
    application = lock_application(
        row.application, "applications.assign_assessor", by, above=("call",)
    )
    # Who hands in holds this lock.
    row = still_there(Assignment.objects.select_for_update(), row.pk)
    begun = Assessment.objects.filter(assignment=row).first()
    if begun is not None and not begun.is_draft:
        return
    assign_assessor(application=application, assessor=to, by=by)
    if begun is None:
        unassign_assessor(application=application, assessor=row.assessor, by=by)
        return
    begun.abstain_reason = reason or _("Handed over to %(name)s.") % {"name": to}
    begun.mark_abstained()
    begun.version += 1
    begun.save(update_fields=["status", "version", "abstain_reason"])
    record_event(verb="assessment.abstained", target=begun, by=by, reason=begun.abstain_reason)
