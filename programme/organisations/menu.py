"""Organisations and people in the menu of staff."""

from django.utils.translation import gettext_lazy as _

from core.kit.menus import Entry
from programme.organisations.selectors import waiting_for_staff

ENTRIES = [
    Entry(
        "staff",
        70,
        "organisations:staff_claims",
        _("“This is my city”"),
        icon="pin",
        section="work",
        permission="organisations.list_claims",
        count=waiting_for_staff,
    ),
    Entry(
        "staff",
        30,
        "organisations:staff_organisations",
        _("Organisations"),
        icon="building",
        section="setup",
        permission="organisations.list_organisations",
    ),
    Entry(
        "staff",
        40,
        "organisations:staff_people",
        _("People and rights"),
        icon="key",
        section="setup",
        permission="accounts.manage_people",
    ),
]
