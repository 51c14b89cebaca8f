"""Writes of the assessment; import them from here."""

from applications.assessment.services.agreeing import agree, propose_value
from applications.assessment.services.correcting import (
    confirm_correction,
    discard_correction,
    prepare_correction,
)
from applications.assessment.services.handing import pass_on_reading
from applications.assessment.services.interests import (
    declare_interests,
    declare_link,
    lift_link,
)
from applications.assessment.services.letters import (
    edit_letter,
    send_test_letter,
    take_usual_letter,
)
from applications.assessment.services.lines import prepare_from_line, start_from_line
from applications.assessment.services.outcomes import (
    Prepared,
    hold_letter,
    prepare_outcome,
    prepare_outcomes,
    take_back_outcome,
)
from applications.assessment.services.paragraphs import remove_paragraph, save_paragraph
from applications.assessment.services.places import (
    fill_place,
    give_up_place,
    leave_empty,
    reopen_place,
)
from applications.assessment.services.planning import (
    assign_readings,
    close_plan,
    reopen_plan,
    save_expertise,
    save_plan,
)
from applications.assessment.services.releasing import (
    release_outcomes,
    retry_release,
    tell_outcome,
)
from applications.assessment.services.scoring import (
    abstain,
    hand_in,
    reopen_assessment,
    save_overall,
    save_score,
)

__all__ = [
    "Prepared",
    "abstain",
    "agree",
    "assign_readings",
    "close_plan",
    "confirm_correction",
    "declare_interests",
    "declare_link",
    "discard_correction",
    "edit_letter",
    "fill_place",
    "give_up_place",
    "hand_in",
    "hold_letter",
    "leave_empty",
    "lift_link",
    "pass_on_reading",
    "prepare_correction",
    "prepare_from_line",
    "prepare_outcome",
    "prepare_outcomes",
    "propose_value",
    "release_outcomes",
    "remove_paragraph",
    "reopen_assessment",
    "reopen_place",
    "reopen_plan",
    "retry_release",
    "save_expertise",
    "save_overall",
    "save_paragraph",
    "save_plan",
    "save_score",
    "send_test_letter",
    "start_from_line",
    "take_back_outcome",
    "take_usual_letter",
    "tell_outcome",
]
