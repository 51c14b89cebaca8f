"""Writes on calls, by what they are about; import them from here."""

from programme.calls.services.calls import (
    CallData,
    CriterionData,
    MilestoneData,
    publish_call,
    save_call,
)
from programme.calls.services.deadlines import MovedDeadline, move_deadline
from programme.calls.services.published import load_calls
from programme.calls.services.references import next_reference

__all__ = [
    "CallData",
    "CriterionData",
    "MilestoneData",
    "MovedDeadline",
    "load_calls",
    "move_deadline",
    "next_reference",
    "publish_call",
    "save_call",
]
