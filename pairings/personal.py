"""What pairings hold about a person."""

from django.utils.translation import gettext_lazy as _

from core.kit.holdings import Holding
from pairings.models import (
    Amendment,
    Milestone,
    MilestoneMove,
    Pairing,
    PairingClosing,
    PairingMember,
    PartnerWish,
    Signature,
)

_PROOF = _("It must be possible to show how a pairing came about and went on.")

HOLDS = [
    Holding(
        Pairing,
        ("proposed_by",),
        _("Pairings that you proposed"),
        _PROOF,
        ("reference", "reason", "proposed_at"),
    ),
    Holding(
        PairingMember,
        ("answered_by",),
        _("Pairings that you answered for a city"),
        _PROOF,
        ("pairing__reference", "organisation__name", "answer", "answered_at", "decline_reason"),
    ),
    Holding(
        Signature,
        ("recorded_by",),
        _("Signatures that you recorded"),
        _PROOF,
        ("member__pairing__reference", "member__organisation__name", "signed_on", "recorded_at"),
    ),
    Holding(
        Milestone,
        ("done_by",),
        _("Milestones that you marked as done"),
        _PROOF,
        ("pairing__reference", "title", "done_at"),
    ),
    Holding(
        MilestoneMove,
        ("by",),
        _("Milestones that you moved"),
        _PROOF,
        ("milestone__pairing__reference", "milestone__title", "moved_to", "reason", "at"),
    ),
    Holding(
        PairingClosing,
        ("by",),
        _("Pairings that you ended"),
        _PROOF,
        ("pairing__reference", "outcome", "reason", "at"),
    ),
    Holding(
        Amendment,
        ("by",),
        _("Amendments of pairings that you wrote"),
        _PROOF,
        ("pairing__reference", "name", "words", "at"),
    ),
    Holding(
        PartnerWish,
        ("by",),
        _("Wishes for a partner that you wrote down for a city"),
        _("They help to find its partner, and belong to the city."),
        ("call__title", "organisation__name", "about__name", "is_wanted", "word", "at"),
    ),
]
