"""Applications in the menus of cities and staff."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from applications.models import Application
from applications.states import ApplicationStatus
from core.kit.menus import Entry


def waiting(user: User) -> "QuerySet[Application]":
    """Return what is to be checked; for an assessor all that is assigned."""
    visible = Application.objects.visible_to(user)
    if user.has_perm("applications.list_to_check"):
        return visible.filter(status=ApplicationStatus.SUBMITTED)
    return visible


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
]
