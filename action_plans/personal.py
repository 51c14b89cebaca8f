"""What action plans hold about a person."""

from django.utils.translation import gettext_lazy as _

from action_plans.models import Measure
from core.kit.holdings import Holding

HOLDS = [
    Holding(
        Measure,
        ("saved_by",),
        _("Measures that you saved last"),
        _("What is written for an organisation stays with it, with who wrote it."),
        ("plan__reference", "code", "title", "version", "saved_at"),
    ),
]
