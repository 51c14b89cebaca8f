"""Casework in the menu of staff."""

from django.utils.translation import gettext_lazy as _

from applications.casework.selectors import unread_mentions
from core.kit.menus import Entry

ENTRIES = [
    Entry(
        "staff",
        28,
        "casework:mine",
        _("Notes for you"),
        icon="message",
        section="work",
        permission="casework.list_notes",
        count=unread_mentions,
    ),
    Entry(
        "staff",
        25,
        "casework:tags",
        _("Tags"),
        icon="flag",
        section="setup",
        permission="casework.list_notes",
    ),
]
