"""Taking back the last step of an eligibility check, by who made it, while nobody was told."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application, Commitment, CriterionRuling
from applications.selectors.checking import LastStep, Step, last_step_of
from applications.services.checking import take_back_first_check, void_first_check
from applications.services.locking import lock_application
from applications.states import CommitmentVerdict, Ruling
from core.kit.errors import WrongStateError
from core.trail.services import record_event


@transaction.atomic
def undo_check_step(*, application: Application, by: User) -> LastStep:
    """Take back the last thing that `by` did in the check; it says what that was.

    A ruling, the judgement on a letter, a first check, or "eligible": all rows stay, and the trail
    has a line for the step back. Raises WrongStateError when there is nothing: the city was told,
    an assessor was named since, or somebody else did the rest.
    """
    application = lock_application(application, "applications.check_application", by)
    step = last_step_of(application, by)
    if step is None:
        raise WrongStateError(
            _(
                "There is nothing of yours to undo here: the city was told, an assessor was named "
                "since, or a colleague went on. Open the application to see where it stands."
            ),
            code="nothing_to_undo",
        )
    if step.kind == Step.ELIGIBLE:
        application.mark_check_reopened()
        application.save(update_fields=["status"])
        record_event(verb="application.check_reopened", target=application, by=by)
    elif step.kind == Step.FIRST_CHECK:
        take_back_first_check(application, by)
    elif isinstance(step.row, CriterionRuling):
        _take_back_ruling(application, step.row, by)
    elif isinstance(step.row, Commitment):
        _take_back_verdict(application, step.row, by)
    return step


def _take_back_ruling(application: Application, ruling: CriterionRuling, by: User) -> None:
    CriterionRuling.objects.create(
        application=application,
        criterion=ruling.criterion,
        ruling=Ruling.TAKEN_BACK,
        by=by,
    )
    void_first_check(application)
    record_event(
        verb="application.criterion_taken_back",
        target=application,
        by=by,
        details={"criterion": ruling.criterion},
    )


def _take_back_verdict(application: Application, commitment: Commitment, by: User) -> None:
    commitment.verdict, commitment.verdict_reason = CommitmentVerdict.WAITING, ""
    commitment.verdict_by = commitment.verdict_at = None
    commitment.save(update_fields=["verdict", "verdict_reason", "verdict_by", "verdict_at"])
    void_first_check(application)
    record_event(
        verb="application.commitment_waiting",
        target=application,
        by=by,
        details={"municipality": commitment.municipality.name},
    )
