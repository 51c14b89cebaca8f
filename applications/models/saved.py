"""Views of the staff list that somebody has saved: its address with a name."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.selectors import open_accounts
from accounts.states import StaffRole

if TYPE_CHECKING:
    from accounts.models import User


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Who is offered which views."""

    def visible_to(self, user: "User") -> "SavedViewQuerySet":
        """Return a person's own views and those that colleagues share.

        What somebody shared who is not of staff any more, nobody is offered.
        """
        staff = open_accounts().exclude(staff_role=StaffRole.NONE)
        return self.filter(Q(person=user) | Q(is_shared=True, person__in=staff))

    def managed_by(self, user: "User") -> "SavedViewQuerySet":
        """Return what a person may remove or take over: a coordinator all that is shared."""
        if user.has_perm("applications.manage_views"):
            return self.filter(Q(person=user) | Q(is_shared=True))
        return self.filter(person=user)


class SavedView(models.Model):
    """Filters, columns and order of the staff list, as the query of its address.

    It gives nobody a right: who opens it sees what their own role reaches.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000, blank=True)
    is_shared = models.BooleanField(default=False)
    saved_at = models.DateTimeField(default=timezone.now)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "name"], name="saved_view_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
