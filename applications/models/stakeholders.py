"""Who works on it with the applicant, or backs it, and the letters that say so."""

from typing import Any, ClassVar

from django.db import models

from applications.models.application import Application
from applications.models.signed import SignedPaper
from applications.states import StakeholderKind
from core.kit.text import fold


class Stakeholder(models.Model):
    """An organisation of the partnership of an application: a university, a region, a chamber.

    `role` says what it does. A region cannot apply to a call for cities, but stands here as a
    supporter.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="stakeholders")
    kind = models.CharField(max_length=12, choices=StakeholderKind)
    name = models.CharField(max_length=200)
    search_name = models.CharField(max_length=200, editable=False, default="")
    role = models.TextField(blank=True)
    contact_name = models.CharField(max_length=150, blank=True)
    contact_email = models.EmailField(blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application", "search_name"], name="stakeholder_once_per_application"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_name = fold(self.name)
        super().save(*args, **kwargs)


class SupportLetter(SignedPaper):
    """The letter of a stakeholder: a file that the city has put there, or what it sent itself.

    `statement` is the letter when it was written on the page of its link; a file may have come
    by that link too. It decides nothing: staff read it.
    """

    stakeholder = models.OneToOneField(Stakeholder, models.CASCADE, related_name="letter")
    whose = "stakeholder"
