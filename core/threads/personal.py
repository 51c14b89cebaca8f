"""What the threads hold about a person."""

from django.utils.translation import gettext_lazy as _

from core.kit.holdings import Holding
from core.threads.models import Message

HOLDS = [
    Holding(
        Message,
        ("by",),
        _("Messages that you wrote"),
        _("What was said in the portal can be read by those it was said to."),
        ("words", "at"),
    ),
]
