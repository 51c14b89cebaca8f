"""Organisations that were merged into others, and those that are neighbours, not doubles."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from programme.organisations.models.organisations import Organisation


class FormerOrganisation(models.Model):
    """What an organisation was called before it was merged into another: old addresses lead there.

    What moved, and which of the two words were kept, stands in the audit trail.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="formers")
    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=200)
    # What the one that stays was called before it took this name; "" where it kept its own.
    renamed_from = models.CharField(max_length=200, blank=True)
    # The id it had: its own history is found by it.
    former_id = models.PositiveBigIntegerField()
    merged_at = models.DateTimeField(default=timezone.now)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-merged_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class Neighbours(models.Model):
    """That two organisations which look alike are two, as staff found: nobody is warned again."""

    # The one with the lower id first, so that a pair is one row.
    one = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    other = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    found_at = models.DateTimeField(default=timezone.now)
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-found_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["one", "other"], name="neighbours_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="neighbours_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one}, {self.other}"
