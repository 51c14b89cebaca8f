"""The municipalities that apply, and what each of them has signed."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.states import VERDICT_TONES, CommitmentVerdict
from core.files.models import StoredFile
from core.kit import days
from core.kit.text import fold
from programme.models import City, Country
from programme.organisations.states import InvitationState


class Municipality(models.Model):
    """A municipality of the applicant with its declared population; one of them leads.

    A single city has exactly one, the lead. The declared figure decides; it needs a
    source and a year.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="municipalities")
    city = models.ForeignKey(City, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=120)
    search_name = models.CharField(max_length=120, editable=False, default="")
    country = models.ForeignKey(Country, models.PROTECT, related_name="+")
    is_lead = models.BooleanField(default=False)
    population = models.PositiveIntegerField(null=True, blank=True)
    population_year = models.PositiveSmallIntegerField(null=True, blank=True)
    population_source = models.CharField(max_length=200, blank=True)
    contact_email = models.EmailField(blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-is_lead", "order", "id"]
        verbose_name_plural = _("municipalities")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application", "country", "search_name"],
                name="municipality_once_per_application",
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(is_lead=True),
                name="municipality_one_lead",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_name = fold(self.name)
        super().save(*args, **kwargs)


class Commitment(models.Model):
    """That a municipality other than the lead takes part: its signed letter, or its word online.

    Its view asks who sees the application before it hands the file out. It counts once staff
    have opened and accepted it.
    """

    municipality = models.OneToOneField(Municipality, models.CASCADE, related_name="commitment")
    # Null when it was given online.
    file = models.OneToOneField(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    signed_by_name = models.CharField(max_length=150)
    signed_by_office = models.CharField(max_length=150, blank=True)
    signed_on = models.DateField()
    # Online: the address that was written to, and the words that were agreed to.
    email = models.EmailField(blank=True)
    statement = models.TextField(blank=True)
    verdict = models.CharField(
        max_length=10, choices=CommitmentVerdict, default=CommitmentVerdict.WAITING
    )
    verdict_reason = models.TextField(blank=True)
    # Null once the account is gone; the audit trail keeps the name.
    verdict_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    verdict_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(file__isnull=False, email="", statement="")
                | (Q(file__isnull=True) & ~Q(email="") & ~Q(statement="")),
                name="commitment_letter_or_online",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=CommitmentVerdict.REFUSED) | ~Q(verdict_reason=""),
                name="commitment_refused_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.file or self.email}"

    @property
    def is_online(self) -> bool:
        """Whether it was given on a page of the portal, without a letter."""
        return self.file_id is None

    @property
    def tone(self) -> str:
        """Return the colour of what staff found."""
        return VERDICT_TONES[CommitmentVerdict(self.verdict)]


class OnlineInvitation(models.Model):
    """A mail to an office without an account: its link opens a page on which it commits.

    Opening the page changes nothing; it binds once, until it runs out. Only a hash of the token
    is kept: who reads the database cannot commit for anybody.
    """

    municipality = models.OneToOneField(Municipality, models.CASCADE, related_name="invitation")
    email = models.EmailField()
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.email}, {self.municipality}"

    @property
    def application(self) -> Application:
        """Return the application that it is about."""
        return self.municipality.application

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
