"""What staff do: rule criteria, decide eligibility, decide the application, assign."""

from django.db import transaction
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import StaffRole
from applications.eligibility import JudgedCriterion, instant_words
from applications.models import Application, Assignment, CriterionRuling
from applications.selectors import UNDER_CHECK, eligibility_of
from applications.services.letters import (
    decision_values,
    refusal_values,
    write_to_city,
)
from applications.services.locking import (
    lock_application,
    require_right,
    require_visible,
)
from applications.states import ApplicationStatus, Criterion, DecisionOutcome, Ruling
from core.kit.errors import InvalidError, WrongStateError
from core.kit.writes import clean_reason
from core.trail.services import record_event

S = ApplicationStatus


def _refuse_moved(application: Application) -> None:
    """Say kindly that somebody else was first."""
    who, when = application.decided_by, application.decided_at
    if who and when:
        message = _("%(name)s has decided this at %(when)s: %(status)s. Open the page again.")
        values = {
            "name": str(who),
            "when": instant_words(when),
            "status": application.get_status_display(),
        }
    else:
        message = _("The application has moved on: %(status)s. Open the page again.")
        values = {"status": application.get_status_display()}
    raise WrongStateError(message % values, code="moved_on")


def _require_reason(reason: str) -> str:
    missing = _("Write the reason: it is kept with your name and the time.")
    return clean_reason(reason, missing=missing)


@transaction.atomic
def rule_criterion(
    *,
    application: Application,
    criterion: str,
    ruling: str,
    reason: str,
    by: User,
    released: bool = False,
) -> CriterionRuling:
    """Rule a criterion pass, fail or waived, with a reason; earlier rulings stay.

    `released` lets the city read the reason. The same ruling sent twice is one. Raises
    WrongStateError once eligibility is decided.
    """
    require_right(by, "applications.check_application", application)
    require_visible(by, application)
    if criterion not in Criterion.values or ruling not in Ruling.values:
        raise InvalidError(_("Choose one of the criteria and pass, fail or waive."))
    reason = _require_reason(reason)
    application = lock_application(application)
    if application.status not in UNDER_CHECK:
        _refuse_moved(application)
    newest = application.rulings.filter(criterion=criterion).first()
    if newest and (newest.ruling, newest.reason, newest.released, newest.by_id) == (
        ruling,
        reason,
        released,
        by.pk,
    ):
        return newest
    row = CriterionRuling.objects.create(
        application=application,
        criterion=criterion,
        ruling=ruling,
        reason=reason,
        released=released,
        by=by,
    )
    record_event(
        verb=f"application.criterion_{ruling}",
        target=application,
        by=by,
        reason=reason,
        details={"criterion": str(criterion), "released": released},
    )
    return row


def _titles(criteria: list[JudgedCriterion]) -> str:
    return get_text_list([item.result.title for item in criteria], _("and"))


def _refuse_unsettled(criteria: list[JudgedCriterion], *, eligible: bool) -> None:
    still_open = [item for item in criteria if item.is_open]
    failed = [item for item in criteria if item.is_failed]
    if eligible and (still_open or failed):
        parts = []
        if still_open:
            parts.append(_("still to judge: %(names)s") % {"names": _titles(still_open)})
        if failed:
            parts.append(_("failed and not waived: %(names)s") % {"names": _titles(failed)})
        raise InvalidError(
            _("Not eligible yet; %(what)s. Rule these criteria first.")
            % {"what": "; ".join(parts)},
            code="unsettled",
        )
    if not eligible and not failed:
        raise InvalidError(
            _(
                "No criterion fails, so the application cannot be refused as not eligible. "
                "Rule the criterion that it fails first."
            ),
            code="nothing_failed",
        )


@transaction.atomic
def decide_eligibility(
    *, application: Application, eligible: bool, by: User, reason: str = ""
) -> Application:
    """Close the eligibility check and keep the criteria as they stood.

    Raises InvalidError, naming them, while criteria are open, or failed and not waived;
    "not eligible" needs a failed criterion and a reason, which the city reads in a mail.
    """
    require_right(by, "applications.check_application", application)
    require_visible(by, application)
    application = lock_application(application)
    allowed = UNDER_CHECK if eligible else (S.SUBMITTED,)
    if application.status not in allowed:
        _refuse_moved(application)
    criteria = eligibility_of(application)
    _refuse_unsettled(criteria, eligible=eligible)
    if not eligible:
        reason = _require_reason(reason)
    if eligible:
        application.mark_eligible()
    else:
        application.mark_ineligible()
    now = timezone.now()
    application.checked_at = now
    application.eligibility_record = {
        "results": [item.result.as_json() for item in criteria],
        "states": {str(item.result.key): item.state for item in criteria},
        "by": str(by),
        "at": now.isoformat(),
        "reason": reason,
    }
    application.decided_by = by
    application.decided_at = now
    application.decision_reason = reason
    application.save(
        update_fields=[
            "status",
            "checked_at",
            "eligibility_record",
            "decided_by",
            "decided_at",
            "decision_reason",
        ]
    )
    verb = "eligible" if eligible else "ineligible"
    record_event(verb=f"application.{verb}", target=application, by=by, reason=reason)
    if not eligible:
        write_to_city(
            application,
            "application_ineligible",
            refusal_values(criteria=criteria, reason=reason),
        )
    return application


@transaction.atomic
def decide_application(
    *, application: Application, outcome: str, reason: str, by: User
) -> Application:
    """Accept an eligible application, put it on the reserve list, or reject it.

    The reason stands in the mail to the city. Raises WrongStateError when it is not
    eligible, or somebody decided first.
    """
    require_right(by, "applications.decide_application", application)
    if outcome not in DecisionOutcome.values:
        raise InvalidError(_("Choose accept, reserve list or reject."), field="outcome")
    reason = _require_reason(reason)
    application = lock_application(application)
    if application.status not in (S.ELIGIBLE, S.RESERVE) or application.status == outcome:
        _refuse_moved(application)
    if outcome == DecisionOutcome.ACCEPT:
        application.mark_accepted()
    elif outcome == DecisionOutcome.RESERVE:
        application.mark_reserve()
    else:
        application.mark_rejected()
    application.decided_at = timezone.now()
    application.decided_by = by
    application.decision_reason = reason
    application.save(update_fields=["status", "decided_at", "decided_by", "decision_reason"])
    record_event(verb=f"application.{outcome}", target=application, by=by, reason=reason)
    write_to_city(
        application, "application_decided", decision_values(outcome=outcome, reason=reason)
    )
    return application


@transaction.atomic
def assign_assessor(*, application: Application, assessor: User, by: User) -> Assignment:
    """Let an assessor see the application; assigning twice changes nothing."""
    require_right(by, "applications.assign_assessor", application)
    application = lock_application(application)
    if application.status in (S.DRAFT, S.WITHDRAWN):
        _refuse_moved(application)
    if assessor.staff_role != StaffRole.ASSESSOR or not assessor.is_active:
        raise InvalidError(
            _("%(name)s is no assessor. Choose one of the list.") % {"name": str(assessor)},
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
def unassign_assessor(*, application: Application, assessor: User, by: User) -> None:
    """Take an assessor off the application: it is no longer visible to them."""
    require_right(by, "applications.assign_assessor", application)
    application = lock_application(application)
    deleted, _rows = application.assignments.filter(assessor=assessor).delete()
    if deleted:
        record_event(
            verb="application.unassigned",
            target=application,
            by=by,
            details={"assessor": str(assessor)},
        )
