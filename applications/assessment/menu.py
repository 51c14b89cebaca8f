"""The assessment in the menu of staff."""

from django.utils.translation import gettext_lazy as _

from core.kit.menus import Entry

ENTRIES = [
    Entry(
        "staff",
        24,
        "assessment:calls",
        _("Ranking and letters"),
        icon="chart",
        section="work",
        permission="assessment.view_outcomes",
    ),
]
