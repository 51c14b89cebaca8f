"""Who scores and sees the scores; who prepares outcomes, releases them, puts decisions right."""

from typing import Any

import rules

from accounts.rules import (
    is_assessor,
    is_coordinator,
    is_office,
    is_within_reach,
    sees_everything,
)
from applications.assessment.states import AssessmentStatus
from applications.rules import acts_as_coordinator


@rules.predicate
def is_another_person(user: Any, correction: Any = None) -> bool:
    """Somebody else has prepared it: who prepares does not confirm."""
    return correction is not None and correction.prepared_by_id not in {None, user.pk}


@rules.predicate
def is_own_reading(user: Any, application: Any = None) -> bool:
    """The application is assigned to the person, who has declared and has no link with it."""
    if application is None or not is_assessor(user):
        return False
    return is_within_reach(user, application) or _is_read_blind(user, application)


def _is_read_blind(user: Any, application: Any) -> bool:
    """Tell whether they read it without names; asked once of each row as it was read."""
    known: dict[int, bool] = application.__dict__.setdefault("_read_by", {})
    if user.pk not in known:
        mine = application.__class__.objects.to_read_by(user)
        known[user.pk] = bool(mine.filter(pk=application.pk).exists())
    return known[user.pk]


@rules.predicate
def has_answered(user: Any, application: Any = None) -> bool:
    """The person has handed in their own scores, so that the others' cannot sway them."""
    if application is None or not is_own_reading(user, application):
        return False
    own = user.assignments.filter(
        application=application, assessment__status=AssessmentStatus.HANDED_IN
    )
    return bool(own.exists())


# Outcomes that are prepared are for the eyes of the unit alone: neither a desk nor an assessor
# reads what becomes of a city before the city does.
rules.add_perm("assessment.view_outcomes", sees_everything)
rules.add_perm("assessment.prepare_outcomes", is_coordinator)
rules.add_perm("assessment.prepare_outcome", acts_as_coordinator)
rules.add_perm("assessment.release_outcomes", is_coordinator)
rules.add_perm("assessment.edit_paragraphs", is_coordinator)
rules.add_perm("assessment.correct_decision", acts_as_coordinator)
rules.add_perm("assessment.confirm_correction", is_coordinator & is_another_person)

# Whether somebody has assessments of their own to write.
rules.add_perm("assessment.assess", is_assessor)
rules.add_perm("assessment.score_application", is_own_reading)
rules.add_perm("assessment.view_scores", is_office & is_within_reach | has_answered)
rules.add_perm("assessment.agree_scores", has_answered)
# Whole dossiers, with files and scores; each of them within reach.
rules.add_perm("assessment.take_dossiers", is_office)
rules.add_perm("assessment.view_plans", is_office)
rules.add_perm("assessment.plan_assessment", is_coordinator)
rules.add_perm("assessment.reopen_assessment", is_coordinator & is_within_reach)
# Any member of staff names a link of their own, with what their role reaches.
rules.add_perm("assessment.declare_link", is_office & is_within_reach | is_own_reading)
rules.add_perm("assessment.lift_link", is_coordinator & is_within_reach)
