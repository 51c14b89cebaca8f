"""Calls in the menu of staff."""

from django.utils.translation import gettext_lazy as _

from core.kit.menus import Entry
from programme.calls.selectors import waiting_extensions, waiting_questions

ENTRIES = [
    Entry(
        "staff",
        45,
        "calls:staff_questions",
        _("Questions"),
        icon="message",
        section="work",
        permission="calls.view_questions",
        count=waiting_questions,
    ),
    Entry(
        "staff",
        10,
        "calls:staff_calls",
        _("Calls"),
        icon="calendar",
        section="setup",
        permission="calls.view_calls",
        count=waiting_extensions,
    ),
]
