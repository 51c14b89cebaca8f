"""Applications to a call: who applies, with which municipalities, and what became of it."""

from applications.models.application import Application
from applications.models.clarifications import Clarification
from applications.models.interest import Interest
from applications.models.members import Commitment, Municipality, OnlineInvitation
from applications.models.profile import Challenge, EarlierCooperation, Profile, Wish
from applications.models.records import Assignment, CriterionRuling, Decision, Submission

__all__ = [
    "Application",
    "Assignment",
    "Challenge",
    "Clarification",
    "Commitment",
    "CriterionRuling",
    "Decision",
    "EarlierCooperation",
    "Interest",
    "Municipality",
    "OnlineInvitation",
    "Profile",
    "Submission",
    "Wish",
]
