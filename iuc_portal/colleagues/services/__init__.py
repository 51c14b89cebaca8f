"""Writes on colleagues; import them from here."""

from iuc_portal.colleagues.services.first_steps import end_first_steps, tick_step, untick_step
from iuc_portal.colleagues.services.inviting import (
    become_colleague,
    invite_colleague,
    invite_colleague_again,
    invite_first_coordinator,
    take_back_invitation,
    take_up_role,
)
from iuc_portal.colleagues.services.leaving import hand_over_work
from iuc_portal.colleagues.services.practising import (
    begin_practice,
    end_practice,
    leave_practice,
    read_in_practice,
)

__all__ = [
    "become_colleague",
    "begin_practice",
    "end_first_steps",
    "end_practice",
    "hand_over_work",
    "invite_colleague",
    "invite_colleague_again",
    "invite_first_coordinator",
    "leave_practice",
    "read_in_practice",
    "take_back_invitation",
    "take_up_role",
    "tick_step",
    "untick_step",
]
