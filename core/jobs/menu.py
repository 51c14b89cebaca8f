"""The person's jobs in the menu of staff."""

from django.utils.translation import gettext_lazy as _

from core.kit.menus import Entry

ENTRIES = [
    Entry(
        "staff",
        20,
        "jobs:mine",
        _("Jobs"),
        icon="refresh",
        section="records",
        permission="accounts.enter_console",
    ),
]
