"""Action plans in the menus of cities and staff."""

from django.utils.translation import gettext_lazy as _

from core.kit.menus import Entry

ENTRIES = [
    Entry("city", 40, "action_plans:mine", _("Action plan")),
    Entry(
        "staff",
        40,
        "action_plans:staff_list",
        _("Action plans"),
        icon="book",
        section="work",
        permission="action_plans.list_plans",
    ),
]
