"""Pairings in the menus of cities and staff."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.kit.menus import Entry
from pairings.models import Pairing


def live(user: User) -> "QuerySet[Pairing]":
    """Return the pairings of the person that hold capacity."""
    return Pairing.objects.visible_to(user).live()


ENTRIES = [
    Entry("city", 30, "pairings:mine", _("Pairing")),
    Entry(
        "staff",
        30,
        "pairings:staff_list",
        _("Pairings"),
        icon="pair",
        section="work",
        permission="pairings.list_pairings",
        count=live,
    ),
]
