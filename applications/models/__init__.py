"""Applications to a call: who applies, with which municipalities, and what became of it."""

from applications.models.application import Application
from applications.models.assigning import Assignment, Conflict, Declaration
from applications.models.checking import FirstCheck
from applications.models.clarifications import Clarification
from applications.models.documents import ApplicationDocument
from applications.models.interest import Interest
from applications.models.invitations import Asked, OnlineInvitation
from applications.models.members import Commitment, Municipality
from applications.models.passing import LeadOffer
from applications.models.profile import Challenge, EarlierCooperation, Profile, Wish
from applications.models.records import CriterionRuling, Decision, Submission
from applications.models.saved import SavedView
from applications.models.signed import SignedPaper
from applications.models.stakeholders import Stakeholder, SupportLetter

__all__ = [
    "Application",
    "ApplicationDocument",
    "Asked",
    "Assignment",
    "Challenge",
    "Clarification",
    "Commitment",
    "Conflict",
    "CriterionRuling",
    "Decision",
    "Declaration",
    "EarlierCooperation",
    "FirstCheck",
    "Interest",
    "LeadOffer",
    "Municipality",
    "OnlineInvitation",
    "Profile",
    "SavedView",
    "SignedPaper",
    "Stakeholder",
    "Submission",
    "SupportLetter",
    "Wish",
]
