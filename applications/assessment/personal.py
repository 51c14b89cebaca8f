"""What the assessment holds about a person."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.assessment.models import (
    Agreed,
    Agreement,
    Asked,
    Assessment,
    Correction,
    Expertise,
    FreePlace,
    LetterDraft,
    Outcome,
    Release,
    Score,
)
from core.kit.holdings import Holding

_PROOF = _("It must be possible to show how an application was decided.")

HOLDS = [
    Holding(
        Outcome,
        ("prepared_by",),
        _("Outcomes that you prepared"),
        _PROOF,
        ("application__reference", "outcome", "prepared_at"),
    ),
    Holding(
        LetterDraft,
        ("by",),
        _("Letters that you wrote"),
        _PROOF,
        ("outcome__application__reference", "number", "at"),
    ),
    Holding(
        Release,
        ("by",),
        _("Releases that you began"),
        _PROOF,
        ("call__title", "number", "at"),
    ),
    Holding(
        Correction,
        ("prepared_by", "confirmed_by"),
        _("Corrections of decisions that you prepared or confirmed"),
        _PROOF,
        ("application__reference", "outcome", "prepared_at", "confirmed_at"),
    ),
    Holding(
        FreePlace,
        ("by", "closed_by"),
        _("Places that you gave up, or left empty"),
        _PROOF,
        ("application__reference", "reason", "at", "closed_because", "closed_at"),
    ),
    Holding(
        Expertise,
        ("assessor",),
        _("What you know as an assessor"),
        _("Applications are given to you by it."),
        ("employer", "languages"),
    ),
    Holding(
        Asked,
        ("assessor",),
        _("That you were asked to declare your interests"),
        _("Each assessor is asked once."),
        ("plan__call__title", "at"),
    ),
    Holding(
        Assessment,
        (),
        _("Assessments that you wrote"),
        _PROOF,
        (
            "assignment__application__reference",
            "status",
            "handed_in_at",
            "overall",
            "abstain_reason",
        ),
        also=lambda person: Q(assignment__assessor=person.pk),
    ),
    Holding(
        Score,
        (),
        _("Points that you gave, with your sentences"),
        _PROOF,
        (
            "assessment__assignment__application__reference",
            "criterion__title",
            "value",
            "sentence",
            "saved_at",
        ),
        also=lambda person: Q(assessment__assignment__assessor=person.pk),
    ),
    Holding(
        Agreement,
        ("person",),
        _("Values that you agreed to"),
        _PROOF,
        ("agreed__application__reference", "agreed__criterion__title", "agreed__value", "at"),
    ),
    Holding(
        Agreed,
        ("saved_by",),
        _("Values that you proposed in a talk"),
        _PROOF,
        ("application__reference", "criterion__title", "value", "sentence", "saved_at"),
    ),
]
