"""What reminders hold about a person."""

from django.utils.translation import gettext_lazy as _

from core.kit.holdings import Holding
from reminders.models import Delivery

HOLDS = [
    Holding(
        Delivery,
        ("recipient",),
        _("Reminders written to you"),
        _("So that none is sent twice."),
        ("kind", "due_key", "created_at"),
    ),
]
