"""What questions about calls and closing times hold about a person."""

from django.utils.translation import gettext_lazy as _

from core.kit.holdings import Holding
from programme.calls.models import CallQuestion, ExtensionRequest, Follower, Helped, LateCode

HOLDS = [
    Holding(
        CallQuestion,
        ("asked_by",),
        _("Questions that you asked about calls"),
        _("So that you can be answered. What is published does not say who asked."),
        ("call__title", "asked", "asked_at", "status", "question", "answer"),
    ),
    Holding(
        CallQuestion,
        ("dealt_by",),
        _("Questions that you answered or closed"),
        _("It shows who spoke for the coordination unit."),
        ("call__title", "question", "published_at"),
    ),
    Holding(
        Follower,
        ("person",),
        _("Calls of whose answers you are told"),
        _("You get a mail for them, once a day at most, until you say no."),
        ("call__title", "since"),
    ),
    Holding(
        Helped,
        ("person",),
        _("Answers of which you said whether they helped"),
        _("Staff see how many said so, not who."),
        ("of__question", "helped", "said_at"),
    ),
    Holding(
        ExtensionRequest,
        ("asked_by",),
        _("More time that you asked for"),
        _("The decision on it rests on what you wrote."),
        ("call__title", "organisation__name", "asked_at", "why", "status"),
    ),
    Holding(
        ExtensionRequest,
        ("decided_by",),
        _("More time that you granted or refused"),
        _("It shows who decided."),
        ("call__title", "organisation__name", "decided_at", "status", "reason"),
    ),
    Holding(
        LateCode,
        ("made_by", "used_by"),
        _("Codes for a late entry that you made or used"),
        _("It shows who let a city in after the close."),
        ("call__title", "organisation__name", "made_at", "used_at", "revoked_at"),
    ),
]
