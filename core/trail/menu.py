"""The audit trail in the menu of staff."""

from django.utils.translation import gettext_lazy as _

from core.kit.menus import Entry

ENTRIES = [
    Entry(
        "staff",
        10,
        "trail:audit",
        _("Audit trail"),
        icon="history",
        section="records",
        permission="trail.view_audit",
    ),
]
