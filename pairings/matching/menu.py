"""The recommender in the menu of staff."""

from django.utils.translation import gettext_lazy as _

from core.kit.menus import Entry

ENTRIES = [
    Entry(
        "staff",
        29,
        "matching:calls",
        _("Pairing board"),
        icon="columns",
        section="work",
        permission="matching.list_runs",
    ),
]
