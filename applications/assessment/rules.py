"""Who prepares outcomes, reads the letters, releases them, and puts a decision right."""

from typing import Any

import rules

from accounts.rules import is_coordinator, sees_everything
from applications.rules import acts_as_coordinator


@rules.predicate
def is_another_person(user: Any, correction: Any = None) -> bool:
    """Somebody else has prepared it: who prepares does not confirm."""
    return correction is not None and correction.prepared_by_id not in {None, user.pk}


# Outcomes that are prepared are for the eyes of the unit alone: neither a desk nor an assessor
# reads what becomes of a city before the city does.
rules.add_perm("assessment.view_outcomes", sees_everything)
rules.add_perm("assessment.prepare_outcomes", is_coordinator)
rules.add_perm("assessment.prepare_outcome", acts_as_coordinator)
rules.add_perm("assessment.release_outcomes", is_coordinator)
rules.add_perm("assessment.edit_paragraphs", is_coordinator)
rules.add_perm("assessment.correct_decision", acts_as_coordinator)
rules.add_perm("assessment.confirm_correction", is_coordinator & is_another_person)
