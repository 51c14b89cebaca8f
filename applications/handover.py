"""What a member of staff hands over of the check: the questions that a city has yet to answer."""

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.selectors import staff_who_get_mail
from accounts.states import StaffRole
from applications.models import Application, Clarification, SavedView
from applications.selectors.reach import READERS
from applications.services import pass_on_clarification, pass_on_view
from core.kit.handovers import Item

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _open_questions(person: User, by: User) -> "QuerySet[Clarification]":
    theirs = Q(kept_by=person) | Q(kept_by=None, asked_by=person)
    waiting = Clarification.objects.filter(theirs, answered_at=None, withdrawn_at=None)
    seen = Application.objects.reached_by(by)
    return (
        waiting.filter(application__in=seen.values("pk"))
        .select_related("application__organisation")
        .order_by("due_at", "pk")
    )


def _who_asks(person: User) -> "QuerySet[User]":
    roles = (StaffRole.COORDINATOR, StaffRole.REGIONAL_DESK)
    return staff_who_get_mail(*roles).exclude(pk=person.pk).order_by("search_name")


def _shared_views(person: User, _by: User) -> "QuerySet[SavedView]":
    return SavedView.objects.filter(person=person, is_shared=True).order_by("pk")


def _who_lists(person: User) -> "QuerySet[User]":
    return staff_who_get_mail(*READERS).exclude(pk=person.pk).order_by("search_name")


ITEMS = [
    Item(
        "questions",
        _("Questions that cities have yet to answer"),
        _open_questions,
        _who_asks,
        pass_on_clarification,
        lambda row: f"{row.application.reference}: {row.label}",
    ),
    Item("views", _("Views of the list that they share"), _shared_views, _who_lists, pass_on_view),
]
