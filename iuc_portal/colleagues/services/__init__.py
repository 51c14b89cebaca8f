"""Writes on colleagues; import them from here."""

from iuc_portal.colleagues.services.first_steps import end_first_steps, tick_step
from iuc_portal.colleagues.services.inviting import (
    become_colleague,
    invite_colleague,
    invite_colleague_again,
    invite_first_coordinator,
    take_back_invitation,
    take_up_role,
)
from iuc_portal.colleagues.services.leaving import hand_over_work

__all__ = [
    "become_colleague",
    "end_first_steps",
    "hand_over_work",
    "invite_colleague",
    "invite_colleague_again",
    "invite_first_coordinator",
    "take_back_invitation",
    "take_up_role",
    "tick_step",
]
