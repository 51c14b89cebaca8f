"""What an assessor hands over: the applications that they have not answered."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.selectors import staff_who_get_mail
from accounts.states import StaffRole
from applications.assessment.selectors.results import HAS_ANSWERED
from applications.assessment.services import pass_on_reading
from applications.models import Application, Assignment
from applications.states import ApplicationStatus
from core.kit.handovers import Item

if TYPE_CHECKING:
    from django.db.models import QuerySet

# Before it is decided, and as long as it takes part.
OPEN_IN = (ApplicationStatus.SUBMITTED, ApplicationStatus.ELIGIBLE)


def _readings(person: User, by: User) -> "QuerySet[Assignment]":
    rows = Assignment.objects.filter(assessor=person, application__status__in=OPEN_IN)
    return (
        rows.exclude(HAS_ANSWERED)
        .filter(application__in=Application.objects.reached_by(by).values("pk"))
        .select_related("application__organisation", "application__call")
        .order_by("application__reference")
    )


def _assessors(person: User) -> "QuerySet[User]":
    return staff_who_get_mail(StaffRole.ASSESSOR).exclude(pk=person.pk).order_by("search_name")


ITEMS = [
    Item(
        "readings",
        _("Applications to assess, not handed in"),
        _readings,
        _assessors,
        pass_on_reading,
        lambda row: f"{row.application.reference}: {row.application.organisation}",
    ),
]
