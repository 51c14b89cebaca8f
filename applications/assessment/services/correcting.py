"""Putting right a decision that was told: prepared by one person, confirmed by another."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.assessment.models import Correction, Letter, Outcome
from applications.assessment.selectors.outcomes import open_correction
from applications.assessment.services.outcomes import language_of
from applications.assessment.states import TOLD
from applications.models import Application
from applications.selectors import decisions_of, standing_decision
from applications.services.decisions import correct_decision, corrected_values
from applications.services.letters import Preview, preview_mail
from applications.services.locking import lock_application, refuse_moved, require_reason
from applications.states import DecisionOutcome
from core.kit import days
from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.kit.sockets import plugged
from core.kit.writes import clean_text, require_version
from core.trail.services import record_event

CORRECTED = "application_corrected"
LONGEST_WORDS = 3000


def in_the_way(application: Application) -> list[str]:
    """Return, as sentences, what rests on the acceptance of an application.

    The socket is `correcting.py` with a function of this name: whatever is built on a decision
    says what must be ended before it is put right.
    """
    return [
        sentence for module in plugged("correcting") for sentence in module.in_the_way(application)
    ]


@transaction.atomic
def prepare_correction(
    *,
    application: Application,
    outcome: str,
    reason: str,
    words: str,
    by: User,
    read_version: int = 0,
) -> Correction:
    """Write down what was wrong and what shall stand; nobody is told before it is confirmed.

    Raises WrongStateError where no outcome was told, or something rests on it.
    """
    application = lock_application(application, "assessment.correct_decision", by)
    was = standing_decision(application, decisions_of(application))
    if application.status not in TOLD or was is None:
        refuse_moved(application)
    if outcome not in DecisionOutcome.values or outcome == application.status:
        raise InvalidError(_("Choose what the decision should have been."), field="outcome")
    reason = require_reason(reason)
    words = clean_text(
        words,
        field="words",
        limit=LONGEST_WORDS,
        missing=_("Write what the applicant reads: what was wrong, and what holds now."),
    )
    _require_free(application)
    row = open_correction(application)
    require_version(row.version if row else 0, read_version, current=row)
    row = row or Correction(application=application, version=0)
    row.was, row.outcome, row.reason, row.words = was, outcome, reason, words
    row.prepared_by, row.prepared_at = by, days.now()
    row.version += 1
    row.save()
    record_event(
        verb="correction.prepared",
        target=row,
        by=by,
        reason=reason,
        details={"outcome": outcome},
    )
    return row


def letter_of(correction: Correction, language: str = "") -> Preview:
    """Return the correcting letter as it would leave now."""
    values = corrected_values(
        was=correction.was, outcome=correction.outcome, reason=correction.words
    )
    return preview_mail(correction.application, CORRECTED, values, language)


@transaction.atomic
def confirm_correction(*, correction: Correction, by: User, read_version: int) -> Correction:
    """Put the decision right and write to the city; only somebody else than who prepared it.

    Raises NotAllowedError for who prepared it, StaleError when it was changed since it was
    read, WrongStateError when the decision has moved on.
    """
    correction = _lock(correction, by)
    if correction.prepared_by_id in (None, by.pk):
        raise NotAllowedError(
            _("Two people put a decision right. Ask another coordinator to confirm this."),
            code="second_person",
        )
    require_version(correction.version, read_version, current=correction)
    application = correction.application
    if standing_decision(application, decisions_of(application)) != correction.was:
        refuse_moved(application)
    _require_free(application)
    letter = letter_of(correction)
    decision = correct_decision(
        application=application, outcome=correction.outcome, reason=correction.words, by=by
    )
    Letter.objects.create(
        decision=decision, language=letter.language, subject=letter.subject, text=letter.text
    )
    correction.confirmed_by, correction.confirmed_at = by, days.now()
    correction.decision = decision
    correction.save(update_fields=["confirmed_by", "confirmed_at", "decision"])
    # What was prepared before rests on the decision that was wrong.
    Outcome.objects.filter(application=application, released_at=None).update(is_held=True)
    record_event(
        verb="correction.confirmed",
        target=correction,
        by=by,
        reason=correction.reason,
        details={"outcome": correction.outcome, "language": language_of(application)},
    )
    return correction


@transaction.atomic
def discard_correction(*, correction: Correction, by: User) -> Correction:
    """Give a correction up; the decision stands as it was told, and it stays on record."""
    correction = _lock(correction, by)
    correction.discarded_at = days.now()
    correction.save(update_fields=["discarded_at"])
    record_event(verb="correction.discarded", target=correction, by=by)
    return correction


def _lock(correction: Correction, by: User) -> Correction:
    application = lock_application(correction.application, "assessment.correct_decision", by)
    correction = (
        Correction.objects.select_for_update(of=("self",))
        .select_related("was")
        .get(pk=correction.pk)
    )
    correction.application = application
    if not correction.is_open:
        raise WrongStateError(
            _("This correction is confirmed or discarded already. Open the application again."),
            code="closed",
        )
    return correction


def _require_free(application: Application) -> None:
    if sentences := in_the_way(application):
        raise WrongStateError(" ".join(sentences), code="in_the_way")
