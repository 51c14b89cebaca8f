"""Mails whose links let an office without an account sign something for an application."""

from typing import Any, ClassVar, cast

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from applications.models.application import Application
from applications.models.members import Municipality
from applications.models.stakeholders import Stakeholder
from applications.states import LinkEnd
from core.kit import days
from programme.organisations.states import InvitationState

# Who can be asked to sign.
Asked = Municipality | Stakeholder


class OnlineInvitationQuerySet(models.QuerySet["OnlineInvitation"]):
    """Whom the invitations ask, and for what."""

    def asking(self, asked: Asked) -> "OnlineInvitationQuerySet":
        """Return the one that asks a municipality or a stakeholder."""
        is_member = isinstance(asked, Municipality)
        return self.filter(**{"municipality" if is_member else "stakeholder": asked})

    def unused(self) -> "OnlineInvitationQuerySet":
        """Return those whose link still works."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=days.now())

    def of(self, **application: Any) -> "OnlineInvitationQuerySet":
        """Return those of the applications of which these conditions hold; pk=1, status="draft"."""
        return self.filter(
            Q(**{f"municipality__application__{name}": v for name, v in application.items()})
            | Q(**{f"stakeholder__application__{name}": v for name, v in application.items()})
        )


class OnlineInvitation(models.Model):
    """A mail to an office without an account: its link opens a page on which it signs.

    A municipality commits there, a stakeholder writes its letter. Opening the page changes
    nothing; it binds once, until it runs out. Only a hash of the token is kept: who reads the
    database cannot sign for anybody.
    """

    municipality = models.OneToOneField(
        Municipality, models.CASCADE, null=True, blank=True, related_name="invitation"
    )
    stakeholder = models.OneToOneField(
        Stakeholder, models.CASCADE, null=True, blank=True, related_name="invitation"
    )
    email = models.EmailField()
    # How who was asked was called then; the spelling may be put right since.
    asked_as = models.CharField(max_length=200, blank=True, default="")
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    # Why it ended; also set once what it was used for stands no more.
    end = models.CharField(max_length=10, choices=LinkEnd, blank=True, default="")

    objects = OnlineInvitationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(municipality__isnull=False, stakeholder__isnull=True)
                | Q(municipality__isnull=True, stakeholder__isnull=False),
                name="invitation_asks_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.asked}"

    @property
    def asked(self) -> Asked:
        """Return who was asked; the database sees to it that there is exactly one."""
        asked: Any = self.municipality or self.stakeholder
        return cast("Asked", asked)

    @property
    def name(self) -> str:
        """Return the name under which it was asked: never that of who took its place."""
        return self.asked_as or self.asked.name

    @property
    def application(self) -> Application:
        """Return the application that it is about."""
        return self.asked.application

    @property
    def state(self) -> InvitationState:
        """What its link does now."""
        if self.used_at:
            return InvitationState.USED
        if self.revoked_at:
            return InvitationState.REVOKED
        if self.expires_at <= days.now():
            return InvitationState.EXPIRED
        return InvitationState.OPEN

    @property
    def is_open(self) -> bool:
        """Whether its link still works."""
        return self.state == InvitationState.OPEN
