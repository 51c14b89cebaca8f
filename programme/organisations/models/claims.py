"""Who asks to work for an organisation, and the mail domains that answer for staff."""

import datetime as dt
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import rules as account_rules
from core.files.models import StoredFile
from programme.organisations.models.organisations import Organisation
from programme.organisations.rules import is_desk_with_countries, of_desk
from programme.organisations.states import ClaimState, MembershipRole

if TYPE_CHECKING:
    from accounts.models import User


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Reads on claims."""

    def reached_by(self, user: "User") -> "ClaimQuerySet":
        """Return those on organisations that the person's role of staff reaches."""
        if account_rules.sees_everything(user):
            return self
        if account_rules.is_regional_desk(user):
            return self.filter(of_desk(user, "organisation__"))
        return self.none()

    def visible_to(self, user: "User") -> "ClaimQuerySet":
        """Return the person's own, those on what they lead, and what their role reaches."""
        if not user.is_authenticated:
            return self.none()
        if account_rules.sees_everything(user):
            return self
        led = user.memberships.filter(role=MembershipRole.LEAD).values("organisation")
        own = Q(person=user) | Q(organisation__in=led)
        if is_desk_with_countries(user):
            return self.filter(own | of_desk(user, "organisation__"))
        return self.filter(own)

    def open(self) -> "ClaimQuerySet":
        """Return those that nobody has answered yet."""
        return self.filter(state=ClaimState.ASKED)


class Claim(models.Model):
    """A person's wish to work for an organisation that is in the portal already.

    A lead of the organisation answers; where it has none, staff do, or an address at a mail
    domain of the organisation lets its owner in as the lead at once.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="claims")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="claims")
    # Holds what the person drafts meanwhile; the organisation takes that in when it lets them in.
    stand_in = models.OneToOneField(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="stands_in_for"
    )
    office = models.CharField(_("what the person does there"), max_length=150)
    address = models.CharField(_("official address"), max_length=300)
    letter = models.OneToOneField(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+"
    )
    words = models.CharField(max_length=1000, blank=True)
    state = models.CharField(max_length=10, choices=ClaimState, default=ClaimState.ASKED)
    asked_at = models.DateTimeField(default=timezone.now)
    answer_by = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(blank=True)
    # The mail domain that let the person in, and until when staff may object to that.
    domain = models.CharField(max_length=253, blank=True)
    object_until = models.DateTimeField(null=True, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["asked_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=Q(state=ClaimState.ASKED),
                name="claim_one_open",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["asked_at"], condition=Q(state=ClaimState.ASKED), name="claim_asked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.organisation}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state == ClaimState.ASKED

    def can_be_objected_to(self, now: dt.datetime) -> bool:
        """Tell whether a mail domain let the person in and staff may still object."""
        return (
            self.state == ClaimState.GRANTED
            and self.object_until is not None
            and now < self.object_until
        )


class MailDomain(models.Model):
    """A mail domain of an organisation, entered by staff: who has an address there is of it."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="mail_domains")
    # In ASCII and lower case, exactly what stands after the @. Of one organisation alone.
    host = models.CharField(max_length=253, unique=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["host"]

    def __str__(self) -> str:
        return self.host
