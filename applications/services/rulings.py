"""What staff judge of a single criterion."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application, CriterionRuling
from applications.selectors import UNDER_CHECK
from applications.services.locking import (
    lock_application,
    refuse_moved,
    require_reason,
)
from applications.states import Criterion, Ruling
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
) -> CriterionRuling:
    """Rule a criterion pass, fail or waived, with a reason; earlier rulings stay.

    `released` lets the city read the reason. The same ruling sent twice is one. Raises
    WrongStateError once eligibility is decided.
    """
    application = lock_application(application, "applications.check_application", by)
    if criterion not in Criterion.values or ruling not in Ruling.values:
        raise InvalidError(_("Choose one of the criteria and pass, fail or waive."))
    reason = require_reason(reason)
    if application.status not in UNDER_CHECK:
        refuse_moved(application)
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
    record_event(
        verb=f"application.criterion_{ruling}",
        target=application,
        by=by,
        reason=reason,
        details={"criterion": str(criterion), "released": released},
    )
    return row
