"""Writes on questionnaires: templates and versions, answers, loading."""

from questionnaires.services.answers import (
    Conflict,
    Saved,
    close_response,
    lock_open_response,
    mark_section,
    open_response,
    reopen_section,
    require_open,
    save_answer,
    save_answers,
    write_answers,
)
from questionnaires.services.carrying import carry_answers
from questionnaires.services.loading import load_templates
from questionnaires.services.versions import (
    QuestionData,
    SectionData,
    attach_questionnaire,
    attach_questionnaires,
    create_draft_version,
    move_row,
    publish_version,
    remove_question,
    remove_section,
    save_question,
    save_section,
)

__all__ = [
    "Conflict",
    "QuestionData",
    "Saved",
    "SectionData",
    "attach_questionnaire",
    "attach_questionnaires",
    "carry_answers",
    "close_response",
    "create_draft_version",
    "load_templates",
    "lock_open_response",
    "mark_section",
    "move_row",
    "open_response",
    "publish_version",
    "remove_question",
    "remove_section",
    "reopen_section",
    "require_open",
    "save_answer",
    "save_answers",
    "save_question",
    "save_section",
    "write_answers",
]
