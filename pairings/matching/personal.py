"""What matching holds about a person."""

from django.utils.translation import gettext_lazy as _

from core.kit.holdings import Holding
from pairings.matching.models import Run

HOLDS = [
    Holding(
        Run,
        ("by",),
        _("Runs that you started to work out pairs"),
        _("It must be possible to show how cities came to be paired."),
        ("call__slug", "number", "note", "created_at"),
    ),
]
