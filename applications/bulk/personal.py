"""What this room holds about a person."""

from django.utils.translation import gettext_lazy as _

from applications.bulk.models import BulkRun
from core.kit.holdings import Holding

HOLDS = [
    Holding(
        BulkRun,
        ("by", "undone_by"),
        _("Actions on many applications that you began or took back"),
        _("It must be possible to show how an application was decided."),
        ("title", "made_at", "undone_at"),
    ),
]
