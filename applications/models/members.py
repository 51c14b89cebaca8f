"""The municipalities that apply, and what each of them has signed."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.signed import SignedPaper
from applications.states import VERDICT_TONES, CommitmentVerdict
from core.kit.text import fold
from programme.models import City, Country


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


class Commitment(SignedPaper):
    """That a municipality other than the lead takes part: its signed letter, or its word online.

    `statement` has the words that were agreed to online. Its view asks who sees the application
    before it hands the file out. It counts once staff have opened and accepted it.
    """

    municipality = models.OneToOneField(Municipality, models.CASCADE, related_name="commitment")
    verdict = models.CharField(
        max_length=10, choices=CommitmentVerdict, default=CommitmentVerdict.WAITING
    )
    verdict_reason = models.TextField(blank=True)
    # Null once the account is gone; the audit trail keeps the name.
    verdict_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    verdict_at = models.DateTimeField(null=True, blank=True)
    whose = "municipality"

    class Meta(SignedPaper.Meta):
        constraints: ClassVar = [
            *SignedPaper.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(verdict=CommitmentVerdict.REFUSED) | ~Q(verdict_reason=""),
                name="commitment_refused_with_reason",
            ),
        ]

    @property
    def tone(self) -> str:
        """Return the colour of what staff found."""
        return VERDICT_TONES[CommitmentVerdict(self.verdict)]
