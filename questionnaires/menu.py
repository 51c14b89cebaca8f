"""Questionnaires in the menu of staff."""

from django.utils.translation import gettext_lazy as _

from core.kit.menus import Entry

ENTRIES = [
    Entry(
        "staff",
        20,
        "questionnaires:staff_templates",
        _("Questionnaires"),
        icon="copy",
        section="setup",
        permission="questionnaires.view_templates",
    ),
]
