"""Applications in the menus of cities and staff."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from applications.models import Application
from applications.selectors import sent_applications
from applications.states import ApplicationStatus
from core.kit.menus import Entry


def waiting(user: User) -> "QuerySet[Application]":
    """Return what is to be checked; for an assessor all that is assigned."""
    sent = sent_applications(user)
    if user.has_perm("applications.list_to_check"):
        return sent.filter(status=ApplicationStatus.SUBMITTED)
    return sent


ENTRIES = [
    Entry("city", 20, "applications:mine", _("Applications")),
    Entry(
        "staff",
        20,
        "applications:staff_list",
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
