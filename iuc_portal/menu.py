"""The sheet of components in the menu of staff."""

from django.utils.translation import gettext_lazy as _

from core.kit.menus import Entry

ENTRIES = [
    Entry(
        "staff",
        20,
        "portal:components",
        _("Components"),
        icon="grid",
        section="records",
        permission="accounts.enter_console",
    ),
]
