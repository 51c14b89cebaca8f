"""What the stored files hold about a person."""

from django.utils.translation import gettext_lazy as _

from core.files.models import StoredFile
from core.kit.holdings import Holding

HOLDS = [
    Holding(
        StoredFile,
        ("by",),
        _("Files that you uploaded"),
        _("They belong to what your organisation sent and stay with it."),
        ("name", "kind", "size", "at"),
    ),
]
