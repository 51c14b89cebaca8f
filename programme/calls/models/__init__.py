"""Calls with all their rules, questions about them, and closing times of single applicants."""

from programme.calls.models.call import (
    AssessmentCriterion,
    Call,
    CallCommitment,
    CallDocument,
    CallMilestone,
    ReferenceCounter,
)
from programme.calls.models.closings import ExtensionRequest, LateCode, OwnClosing
from programme.calls.models.questions import (
    AnswerDigest,
    CallQuestion,
    Follower,
    FormerAnswer,
    Helped,
)

__all__ = [
    "AnswerDigest",
    "AssessmentCriterion",
    "Call",
    "CallCommitment",
    "CallDocument",
    "CallMilestone",
    "CallQuestion",
    "ExtensionRequest",
    "Follower",
    "FormerAnswer",
    "Helped",
    "LateCode",
    "OwnClosing",
    "ReferenceCounter",
]
