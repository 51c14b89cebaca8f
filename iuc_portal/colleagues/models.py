"""Those who are invited to work in the coordination unit, and their first steps in it."""

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.states import StaffRole
from programme.models import Country
from programme.organisations.models import InvitationByMail


class StaffInvitation(InvitationByMail):
    """An invitation to take up a role of staff, by a coordinator or by who runs the portal."""

    role = models.CharField(max_length=20, choices=[row for row in StaffRole.choices if row[0]])
    # The partner countries that a regional desk is to look after.
    countries = models.ManyToManyField(Country, blank=True, related_name="+")
    # The account that who invited knew of and meant; nobody else takes the role up.
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Who runs the portal invited, by its command. An account that is deleted leaves nobody too.
    by_command = models.BooleanField(default=False)

    class Meta(InvitationByMail.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="staff_invitation_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.get_role_display()}"


class Practice(models.Model):
    """A colleague's made-up cases, as they have left them: rows of no table but this one.

    A page of theirs is made of them in a transaction that never holds (core.kit.unmade), so nobody
    else ever meets one. They go with the account.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="practice")
    # As Django's serializer writes them; empty until the first page is opened.
    rows = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    # What they all hang on: the names of models, and keys.
    roots = models.JSONField(default=list)
    begun_at = models.DateTimeField(default=timezone.now)
    # Counts what was done, so that a second tab does not undo the first.
    version = models.PositiveIntegerField(default=1)
    # Whether the person reads as an assessor for now.
    is_reading = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.person)


class FirstSteps(models.Model):
    """What a new colleague has done of the checklist by their own word; the rest is found out."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="first_steps"
    )
    ticked = models.JSONField(default=list)
    begun_at = models.DateTimeField(default=timezone.now)
    # Since then the checklist is not shown any more.
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.person)
