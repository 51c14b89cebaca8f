"""What the assessment holds about a person."""

from django.utils.translation import gettext_lazy as _

from applications.assessment.models import Correction, LetterDraft, Outcome, Release
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
]
