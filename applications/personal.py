"""What applications hold about a person."""

from django.utils.translation import gettext_lazy as _

from applications.models import (
    Application,
    Assignment,
    Clarification,
    Commitment,
    CriterionRuling,
    Decision,
    Interest,
    Municipality,
    OnlineInvitation,
    Profile,
    Submission,
)
from core.kit.holdings import Holding

_PROOF = _("It must be possible to show how an application was decided.")

HOLDS = [
    Holding(
        Application,
        ("contact_email",),
        _("Applications that name you as contact"),
        _("The programme writes to you about them."),
        (
            "reference",
            "call__title",
            "organisation__name",
            "contact_name",
            "contact_position",
            "contact_email",
            "contact_phone",
        ),
    ),
    Holding(
        Municipality,
        ("contact_email",),
        _("Municipalities that name you as contact"),
        _("The programme writes to you about their application."),
        ("application__reference", "name", "contact_email"),
    ),
    Holding(
        Application,
        ("created_by",),
        _("Applications that you started"),
        _("What is written for a city stays with the city."),
        ("reference", "call__title", "organisation__name", "created_at"),
    ),
    Holding(
        OnlineInvitation,
        ("email",),
        _("Invitations to commit for a municipality that were sent to you"),
        _("They show who was asked on whose behalf."),
        ("municipality__name", "email", "sent_at", "used_at"),
    ),
    Holding(
        OnlineInvitation,
        ("invited_by",),
        _("Municipalities that you asked to commit"),
        _("They show who was asked on whose behalf."),
        ("municipality__name", "email", "sent_at"),
    ),
    Holding(
        Commitment,
        ("email",),
        _("Commitments that were given at your address"),
        _PROOF,
        ("municipality__name", "email", "signed_by_name", "signed_by_office", "signed_on"),
    ),
    Holding(
        Commitment,
        ("verdict_by",),
        _("Commitments that you judged"),
        _PROOF,
        ("municipality__name", "verdict", "verdict_reason", "verdict_at"),
    ),
    Holding(
        Profile,
        ("saved_by",),
        _("Profiles of applications that you saved last"),
        _("A colleague who writes at the same time reads who was first."),
        ("application__reference", "saved_at"),
    ),
    Holding(
        Submission,
        ("by",),
        _("Applications that you sent"),
        _PROOF,
        ("application__reference", "number", "at"),
    ),
    Holding(
        Interest,
        ("created_by",),
        _("Expressions of interest that you began"),
        _("What is written for a city stays with the city."),
        ("reference", "call__title", "organisation__name", "created_at"),
    ),
    Holding(
        Interest,
        ("sent_by",),
        _("Expressions of interest that you sent"),
        _PROOF,
        ("reference", "call__title", "organisation__name", "sent_at"),
    ),
    Holding(
        Interest,
        ("decided_by",),
        _("Expressions of interest that you decided"),
        _PROOF,
        ("reference", "status", "reason", "decided_at"),
    ),
    Holding(
        CriterionRuling,
        ("by",),
        _("Criteria that you judged"),
        _PROOF,
        ("application__reference", "criterion", "ruling", "reason", "at"),
    ),
    Holding(
        Decision,
        ("by",),
        _("Applications that you decided"),
        _PROOF,
        ("application__reference", "stage", "outcome", "reason", "at"),
    ),
    Holding(
        Clarification,
        ("asked_by",),
        _("Questions that you asked a city"),
        _PROOF,
        ("application__reference", "label", "question", "asked_at"),
    ),
    Holding(
        Clarification,
        ("answered_by",),
        _("Questions that you answered for your city"),
        _PROOF,
        ("application__reference", "label", "answer", "answered_at"),
    ),
    Holding(
        Assignment,
        ("assessor",),
        _("Applications that you are to assess"),
        _("You may read what is assigned to you."),
        ("application__reference", "at"),
    ),
    Holding(
        Assignment,
        ("assigned_by",),
        _("Applications that you assigned to an assessor"),
        _PROOF,
        ("application__reference", "at"),
    ),
]
