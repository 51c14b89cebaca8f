"""Pairings of two or more organisations, and what cities wish for before."""

from pairings.models.amending import Amendment
from pairings.models.pairing import (
    Milestone,
    MilestoneMove,
    Pairing,
    PairingClosing,
    PairingMember,
    PairingQuerySet,
    Signature,
)
from pairings.models.wishes import PartnerWish

__all__ = [
    "Amendment",
    "Milestone",
    "MilestoneMove",
    "Pairing",
    "PairingClosing",
    "PairingMember",
    "PairingQuerySet",
    "PartnerWish",
    "Signature",
]
