"""Writes of the assessment; import them from here."""

from applications.assessment.services.correcting import (
    confirm_correction,
    discard_correction,
    prepare_correction,
)
from applications.assessment.services.letters import (
    edit_letter,
    send_test_letter,
    take_usual_letter,
)
from applications.assessment.services.outcomes import (
    Prepared,
    hold_letter,
    prepare_outcome,
    prepare_outcomes,
)
from applications.assessment.services.paragraphs import remove_paragraph, save_paragraph
from applications.assessment.services.releasing import (
    release_outcomes,
    retry_release,
    tell_outcome,
)

__all__ = [
    "Prepared",
    "confirm_correction",
    "discard_correction",
    "edit_letter",
    "hold_letter",
    "prepare_correction",
    "prepare_outcome",
    "prepare_outcomes",
    "release_outcomes",
    "remove_paragraph",
    "retry_release",
    "save_paragraph",
    "send_test_letter",
    "take_usual_letter",
    "tell_outcome",
]
