"""Agreeing: a value for a criterion on which assessors lie far apart, and who agrees to it."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.assessment.models import Agreed, Agreement
from applications.assessment.selectors.results import OfCriterion, Result, result_of
from applications.assessment.services.scoring import (
    SENTENCE_LIMIT,
    require_on_scale,
    require_scorable,
)
from applications.models import Application
from applications.services.locking import lock_application
from core.kit import days
from core.kit.errors import InvalidError, StaleError, WrongStateError
from core.kit.writes import clean_text
from core.trail.services import record_event
from programme.calls.models import AssessmentCriterion


def _lock(application: Application, by: User) -> tuple[Application, Result]:
    application = lock_application(application, "assessment.agree_scores", by)
    require_scorable(application)
    return application, result_of(application)


@transaction.atomic
def propose_value(
    *,
    application: Application,
    criterion: AssessmentCriterion,
    value: Decimal,
    sentence: str,
    read_version: int,
    by: User,
) -> Agreed:
    """Say what should count on a criterion, and why; who proposes agrees.

    What others agreed to before is cancelled by it. Raises InvalidError where nobody differs,
    StaleError when a colleague proposed something else meanwhile.
    """
    application, result = _lock(application, by)
    part = _part(result, criterion)
    if part.agreed is None and not part.needs_talk:
        raise InvalidError(
            _("On this criterion you lie close together: the mean counts."), field="value"
        )
    require_on_scale(criterion, value)
    sentence = clean_text(
        sentence,
        field="sentence",
        limit=SENTENCE_LIMIT,
        missing=_("Write in one sentence what you agree on."),
    )
    stored = part.agreed.version if part.agreed else 0
    if stored != read_version:
        raise StaleError(
            _("A colleague proposed a value meanwhile. Read it, then agree or change it."),
            current=part.agreed,
            version=stored,
        )
    if part.agreed and (part.agreed.value, part.agreed.sentence) == (value, sentence):
        _agree(part.agreed, by)
        return part.agreed
    row, _made = Agreed.objects.update_or_create(
        application=application,
        criterion=criterion,
        defaults={
            "value": value,
            "sentence": sentence,
            "version": stored + 1,
            "saved_at": days.now(),
            "saved_by": by,
        },
    )
    row.agreements.all().delete()
    _agree(row, by)
    record_event(
        verb="agreed.proposed",
        target=row,
        by=by,
        details={"points": str(value), "version": row.version},
        reason=sentence,
    )
    return row


@transaction.atomic
def agree(*, application: Application, seen: Mapping[int, int], by: User) -> Result:
    """Agree to all values proposed for an application, as they were read: version by id.

    Raises WrongStateError where nothing is proposed, StaleError when one was changed meanwhile.
    """
    application, result = _lock(application, by)
    rows = [part.agreed for part in result.by_criterion if part.agreed]
    if not rows:
        raise WrongStateError(_("No value is proposed yet. Propose one first."))
    if {row.pk: row.version for row in rows} != dict(seen):
        raise StaleError(
            _("A value was changed meanwhile. Read it, then agree."), current=application
        )
    for row in rows:
        if _agree(row, by):
            record_event(
                verb="agreed.agreed", target=row, by=by, details={"points": str(row.value)}
            )
    return result_of(application)


def _part(result: Result, criterion: AssessmentCriterion) -> OfCriterion:
    found = [part for part in result.by_criterion if part.criterion.pk == criterion.pk]
    if not found:
        raise InvalidError(_("The call does not ask this. Load the page again."), field="value")
    return found[0]


def _agree(row: Agreed, by: User) -> bool:
    _row, made = Agreement.objects.get_or_create(agreed=row, person=by)
    return made
