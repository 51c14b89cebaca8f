"""One key a verdict: a pass that leaves nothing unclear completes the check."""

from django.db import transaction

from accounts.models import User
from applications.models import Application, Commitment
from applications.selectors import eligibility_of
from applications.services.commitments import judge_commitment
from applications.services.decisions import decide_eligibility
from applications.services.rulings import rule_criterion
from applications.states import ApplicationStatus, CommitmentVerdict, Ruling


@transaction.atomic
def pass_and_settle(
    *,
    application: Application,
    by: User,
    criterion: str = "",
    commitment: Commitment | None = None,
    reason: str = "",
    read_version: int | None = None,
) -> Application:
    """Pass a criterion, or let a commitment count; then find it eligible if nothing is unclear.

    Raises as `rule_criterion`, `judge_commitment` and `decide_eligibility`. While another
    criterion is open or fails, and once it was refused, the check stays open: what the city
    reads of it needs a look at its mail first.
    """
    if commitment is not None:
        judge_commitment(
            commitment=commitment,
            verdict=CommitmentVerdict.ACCEPTED,
            reason=reason,
            by=by,
            read_version=read_version,
        )
    else:
        rule_criterion(
            application=application,
            criterion=criterion,
            ruling=Ruling.PASS,
            reason=reason,
            by=by,
            read_version=read_version,
        )
    application = Application.objects.select_related("call", "organisation__country").get(
        pk=application.pk
    )
    is_settled = all(item.is_met for item in eligibility_of(application))
    if is_settled and application.status == ApplicationStatus.SUBMITTED:
        return decide_eligibility(application=application, eligible=True, by=by)
    return application
