"""The municipalities that apply, and what each of them has signed."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from core.files.models import StoredFile
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


class Commitment(models.Model):
    """The signed commitment of a municipality other than the lead, on file.

    Its view asks who sees the application before it hands the file out.
    """

    municipality = models.OneToOneField(Municipality, models.CASCADE, related_name="commitment")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    signed_by_name = models.CharField(max_length=150)
    signed_by_office = models.CharField(max_length=150, blank=True)
    signed_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.municipality}: {self.file}"
