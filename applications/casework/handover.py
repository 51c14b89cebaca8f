"""What a member of staff hands over of casework: the applications that they look after."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.selectors import staff_who_get_mail
from applications.casework.models import CaseOwner
from applications.casework.services import set_owner
from applications.models import Application
from applications.selectors.reach import ACTING
from core.kit.handovers import Item

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _owned(person: User, by: User) -> "QuerySet[CaseOwner]":
    seen = Application.objects.reached_by(by).values("pk")
    owned = CaseOwner.objects.filter(owner=person, application__in=seen)
    return owned.select_related("application__organisation").order_by("since", "pk")


def _receivers(person: User) -> "QuerySet[User]":
    return staff_who_get_mail(*ACTING).exclude(pk=person.pk).order_by("search_name")


def _hand(*, row: CaseOwner, to: User, by: User, reason: str = "") -> None:  # noqa: ARG001 - the record says who
    set_owner(application=row.application, owner=to, read_version=row.version, by=by)


ITEMS = [
    Item(
        "cases",
        _("Applications that they look after"),
        _owned,
        _receivers,
        _hand,
        lambda row: f"{row.application.reference}: {row.application.organisation.name}",
    ),
]
