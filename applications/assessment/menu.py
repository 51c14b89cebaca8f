"""The assessment in the menu of staff."""

from django.utils.translation import gettext_lazy as _

from applications.assessment.selectors.readings import open_readings
from core.kit.menus import Entry

ENTRIES = [
    Entry(
        "staff",
        22,
        "assessment:mine",
        _("Mine to read"),
        icon="edit",
        section="work",
        permission="assessment.assess",
        count=open_readings,
    ),
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
