"""Calls in the menu of staff."""

from django.utils.translation import gettext_lazy as _

from core.kit.menus import Entry

ENTRIES = [
    Entry(
        "staff",
        10,
        "calls:staff_calls",
        _("Calls"),
        icon="calendar",
        section="setup",
        permission="calls.view_calls",
    ),
]
