"""Writes on calls, by what they are about; import them from here."""

from programme.calls.selectors import DocumentData
from programme.calls.services.calls import CallData, publish_call, save_call
from programme.calls.services.closings import (
    ask_extension,
    grant_extension,
    refuse_extension,
)
from programme.calls.services.copying import copy_call, data_of
from programme.calls.services.deadlines import MovedDeadline, move_deadline
from programme.calls.services.digests import tell_answers
from programme.calls.services.following import follow_answers, say_helped
from programme.calls.services.late_codes import (
    make_late_code,
    redeem_late_code,
    revoke_late_code,
)
from programme.calls.services.mail_texts import (
    send_test_mail,
    take_standard_text,
    write_mail_text,
)
from programme.calls.services.published import load_calls
from programme.calls.services.questions import answer_question, ask_question, close_question
from programme.calls.services.references import next_reference
from programme.calls.services.rows import CriterionData, MilestoneData

__all__ = [
    "CallData",
    "CriterionData",
    "DocumentData",
    "MilestoneData",
    "MovedDeadline",
    "answer_question",
    "ask_extension",
    "ask_question",
    "close_question",
    "copy_call",
    "data_of",
    "follow_answers",
    "grant_extension",
    "load_calls",
    "make_late_code",
    "move_deadline",
    "next_reference",
    "publish_call",
    "redeem_late_code",
    "refuse_extension",
    "revoke_late_code",
    "save_call",
    "say_helped",
    "send_test_mail",
    "take_standard_text",
    "tell_answers",
    "write_mail_text",
]
