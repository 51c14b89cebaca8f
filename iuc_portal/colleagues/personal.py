"""What this room holds about a person."""

from django.utils.translation import gettext_lazy as _

from core.kit.holdings import Holding
from iuc_portal.colleagues.models import FirstSteps, Practice, StaffInvitation

HOLDS = [
    Holding(
        Practice,
        ("person",),
        _("Your practice"),
        _("So that made-up cases stand as you left them."),
        ("begun_at", "version"),
    ),
    Holding(
        FirstSteps,
        ("person",),
        _("Your first steps in the unit"),
        _("So that the list shows what is still to do."),
        ("ticked", "begun_at", "ended_at"),
    ),
    Holding(
        StaffInvitation,
        ("email", "accepted_by", "account"),
        _("Invitations to work in the coordination unit"),
        _("It shows who let you into the console."),
        ("email", "role", "created_at", "expires_at", "accepted_at", "revoked_at"),
    ),
    # Whom they invited is about somebody else.
    Holding(
        StaffInvitation,
        ("invited_by",),
        _("Colleagues that you invited"),
        _("It shows who let others into the console."),
        ("role", "created_at", "accepted_at", "revoked_at"),
    ),
]
