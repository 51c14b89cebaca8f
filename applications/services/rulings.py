"""What staff judge of a single criterion."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application, CriterionRuling
from applications.selectors import UNDER_CHECK, eligibility_of
from applications.services.checking import require_seen, void_first_check
from applications.services.locking import (
    lock_application,
    refuse_moved,
    require_reason,
)
from applications.states import RULINGS, Criterion, Ruling
from core.kit.errors import InvalidError
from core.trail.services import record_event


@transaction.atomic
def rule_criterion(
    *,
    application: Application,
    criterion: str,
    ruling: str,
    reason: str,
    by: User,
    released: bool = False,
    read_version: int | None = None,
) -> CriterionRuling:
    """Rule a criterion pass, fail or waived, with a reason; earlier rulings stay.

    Only a pass of what the rules leave to a human needs no reason: nothing is overruled.
    `released` lets the city read the reason. The same ruling sent twice is one. `read_version`
    is that of the case on the page. Raises WrongStateError once eligibility is decided,
    StaleError when the case has changed since it was read.
    """
    application = lock_application(application, "applications.check_application", by)
    if criterion not in Criterion.values or ruling not in dict(RULINGS):
        raise InvalidError(_("Choose one of the criteria and pass, fail or waive."))
    if application.status not in UNDER_CHECK:
        refuse_moved(application)
    require_seen(application, read_version)
    is_plain = not reason.strip() and ruling == Ruling.PASS and _is_open(application, criterion)
    reason = "" if is_plain else require_reason(reason)
    newest = application.rulings.filter(
        criterion=criterion, at__gte=application.submitted_at
    ).first()
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
    void_first_check(application)
    record_event(
        verb=f"application.criterion_{ruling}",
        target=application,
        by=by,
        reason=reason,
        details={"criterion": str(criterion), "released": released},
    )
    return row


def _is_open(application: Application, criterion: str) -> bool:
    """Whether a criterion waits for the judgement of a human."""
    return any(
        item.result.key == criterion and item.is_open for item in eligibility_of(application)
    )
