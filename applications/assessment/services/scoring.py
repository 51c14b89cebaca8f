"""Scoring: each criterion and the whole as drafts, handed in, abstained from, given back."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import User
from applications.assessment.models import Agreement, Assessment, Score, ScoreVersion
from applications.assessment.selectors.readings import can_be_scored
from applications.assessment.states import STEP, AssessmentStatus
from applications.models import Application, Assignment
from applications.services.locking import not_yours, refuse_moved
from applications.states import ApplicationStatus
from core.kit import days
from core.kit.errors import InvalidError, NotAllowedError, StaleError, WrongStateError
from core.kit.writes import clean_reason, clean_text, lock, require
from core.trail.services import record_event, record_writing
from programme.calls.models import AssessmentCriterion

S = AssessmentStatus
SENTENCE_LIMIT = 2000
OVERALL_LIMIT = 4000
# What the trail calls the words on the whole, beside the keys of the criteria.
OVERALL = "overall"


def _lock_own(application: Application, by: User) -> Assessment:
    """Return the person's own assessment, begun if need be, under a lock of its assignment."""
    assignment = Assignment.objects.filter(application=application, assessor_id=by.pk).first()
    if assignment is None:
        raise NotAllowedError(not_yours() % {"name": application.organisation})
    assignment = lock(assignment, "application__organisation", "application__call")
    require(
        by,
        "assessment.score_application",
        assignment.application,
        otherwise=_("This application is no longer yours to score. Ask the coordination unit."),
    )
    require_scorable(assignment.application)
    assessment, _made = Assessment.objects.get_or_create(assignment=assignment)
    assessment.assignment = assignment
    return assessment


def require_scorable(application: Application) -> None:
    """Raise WrongStateError once it was decided, or the assessment of its call was closed."""
    if application.status != ApplicationStatus.ELIGIBLE:
        refuse_moved(application)
    if not can_be_scored(application):
        raise WrongStateError(_("The assessment of this call is closed. What was written is kept."))


def _require_draft(assessment: Assessment) -> None:
    if not assessment.is_draft:
        raise WrongStateError(
            _("You have handed this in. Ask the coordination unit to give it back to you.")
        )


@transaction.atomic
def save_score(
    *,
    application: Application,
    criterion: AssessmentCriterion,
    value: Decimal | None,
    sentence: str,
    read_version: int,
    by: User,
) -> Score:
    """Save the draft of one criterion; points and sentence may come one after the other.

    Raises StaleError with what is stored when it was saved elsewhere meanwhile, InvalidError for
    points that the scale does not have.
    """
    assessment = _lock_own(application, by)
    _require_draft(assessment)
    if criterion.call_id != assessment.assignment.application.call_id:
        raise InvalidError(_("The call does not ask this. Load the page again."), field="value")
    require_on_scale(criterion, value)
    sentence = clean_text(sentence, field="sentence", limit=SENTENCE_LIMIT)
    score, made = Score.objects.get_or_create(
        assessment=assessment, criterion=criterion, defaults={"version": 0}
    )
    if read_version != score.version:
        raise StaleError(
            _("You saved this in another tab meanwhile. Compare both, then save what counts."),
            current=score,
            version=score.version,
        )
    if not made and (score.value, score.sentence) == (value, sentence):
        return score
    score.value, score.sentence, score.saved_at = value, sentence, days.now()
    score.version += 1
    score.save(update_fields=["value", "sentence", "version", "saved_at"])
    ScoreVersion.objects.create(
        score=score, version=score.version, value=value, sentence=sentence, saved_at=score.saved_at
    )
    record_writing(verb="assessment.written", target=assessment, by=by, section=criterion.key)
    return score


def require_on_scale(criterion: AssessmentCriterion, value: Decimal | None) -> None:
    """Raise InvalidError for points that are no half or whole ones between 0 and the highest."""
    if value is not None and not (0 <= value <= criterion.max_score and value % STEP == 0):
        raise InvalidError(
            _("Choose 0 to %(most)d, in steps of a half.") % {"most": criterion.max_score},
            field="value",
        )


@transaction.atomic
def save_overall(
    *, application: Application, overall: str, read_version: int, by: User
) -> Assessment:
    """Save the draft of what there is to say of the whole.

    Raises StaleError with what is stored when it was saved elsewhere meanwhile.
    """
    assessment = _lock_own(application, by)
    _require_draft(assessment)
    if _take_overall(assessment, overall, read_version):
        _save(assessment, "overall", "overall_at")
        record_writing(verb="assessment.written", target=assessment, by=by, section=OVERALL)
    return assessment


def _take_overall(assessment: Assessment, overall: str, read_version: int) -> bool:
    """Put the words into the row, unsaved; whether they are others than before."""
    overall = clean_text(overall, field="overall", limit=OVERALL_LIMIT)
    if overall == assessment.overall:
        return False
    if read_version != assessment.version:
        raise StaleError(
            _("You saved this in another tab meanwhile. Compare both, then save what counts."),
            current=assessment,
            version=assessment.version,
        )
    assessment.overall, assessment.overall_at = overall, days.now()
    return True


@transaction.atomic
def hand_in(
    *, application: Application, by: User, overall: str | None = None, read_version: int = 1
) -> Assessment:
    """Hand in one's scores: from then on they count, and the others' are shown.

    `overall` is what there is to say of the whole, as `save_overall` takes it; None leaves its
    draft as it is. Raises InvalidError, naming them, while a criterion has no points or no
    sentence.
    """
    assessment = _lock_own(application, by)
    _require_draft(assessment)
    scores = {row.criterion_id: row for row in assessment.scores.all()}
    criteria = list(assessment.assignment.application.call.criteria.all())
    lacking = [one.title for one in criteria if not is_scored(scores.get(one.pk))]
    if lacking or not criteria:
        raise InvalidError(
            _("Not handed in yet. Give points and a sentence to: %(names)s.")
            % {"names": get_text_list(lacking, _("and"))}
            if criteria
            else _("The call has no criteria. Tell the coordination unit."),
            code="unfinished",
        )
    if overall is not None:
        _take_overall(assessment, overall, read_version)
    assessment.handed_in_at = days.now()
    assessment.mark_handed_in()
    _save(assessment, "overall", "overall_at", "handed_in_at")
    _record(
        "assessment.handed_in",
        assessment,
        by,
        points={one.title: str(scores[one.pk].value) for one in criteria},
    )
    # Who agreed did so without these scores.
    _cancel_agreements(assessment.assignment.application)
    return assessment


def is_scored(score: Score | None) -> bool:
    """Whether a criterion has points and the sentence that says why."""
    return score is not None and score.value is not None and bool(score.sentence)


@transaction.atomic
def abstain(*, application: Application, reason: str, by: User) -> Assessment:
    """Leave the judgement to the others; what was written stays, and does not count."""
    assessment = _lock_own(application, by)
    _require_draft(assessment)
    assessment.abstain_reason = clean_reason(reason, missing=_("Write why you abstain."))
    assessment.mark_abstained()
    _save(assessment, "abstain_reason")
    _record("assessment.abstained", assessment, by, reason=assessment.abstain_reason)
    return assessment


@transaction.atomic
def reopen_assessment(*, assessment: Assessment, reason: str, by: User) -> Assessment:
    """Give scores back to their assessor; until they are handed in again they do not count.

    Raises WrongStateError when nobody could hand them in again: they would be lost.
    """
    related = ("application__organisation", "application__call", "assessor")
    assignment = lock(assessment.assignment, *related)
    require(
        by,
        "assessment.reopen_assessment",
        assignment.application,
        otherwise=_("Your role does not allow this. Ask the coordination unit."),
    )
    require_scorable(assignment.application)
    assessment = lock(assessment)
    assessment.assignment = assignment
    reason = clean_reason(reason, missing=_("Write why it is given back: the assessor reads it."))
    if assessment.is_draft:
        raise WrongStateError(_("Its assessor is writing already. Load the page again."))
    assessment.mark_reopened()
    _save(assessment)
    _record("assessment.reopened", assessment, by, reason=reason)
    _cancel_agreements(assignment.application)
    return assessment


def _save(assessment: Assessment, *fields: str) -> None:
    assessment.version += 1
    assessment.save(update_fields=["status", "version", *fields])


def _record(verb: str, assessment: Assessment, by: User, reason: str = "", **details: Any) -> None:
    # About the assessment, never the application: whose history its other readers open.
    record_event(verb=verb, target=assessment, by=by, reason=reason, details=details)


def _cancel_agreements(application: Application) -> None:
    Agreement.objects.filter(agreed__application=application).delete()
