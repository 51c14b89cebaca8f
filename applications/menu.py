"""Applications in the menus of cities and staff."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from applications.models import Application
from applications.selectors import sent_applications
from applications.selectors.lists import to_check
from core.kit.menus import Entry


def waiting(user: User) -> "QuerySet[Application]":
    """Return what waits for the person's check, by its worklist; for an assessor all assigned."""
    sent = sent_applications(user)
    return to_check(sent, user) if user.has_perm("applications.list_to_check") else sent


# Its number is the one of the home page too.
LIST = "applications:staff_list"
ENTRIES = [
    Entry("city", 20, "applications:mine", _("Applications")),
    Entry(
        "staff",
        20,
        LIST,
        _("Applications"),
        icon="files",
        section="work",
        permission="applications.list_applications",
        count=waiting,
    ),
    Entry(
        "staff",
        21,
        "applications:staff_to_check",
        _("Eligibility"),
        icon="check-circle",
        section="work",
        permission="applications.check_applications",
    ),
]
