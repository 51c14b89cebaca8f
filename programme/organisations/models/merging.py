"""Organisations that were merged or split, what moved then, and those that look alike."""

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programme.organisations.models.organisations import Organisation
from programme.organisations.states import Alike, MergeKind, MovedHow, SplitKind


class FormerQuerySet(models.QuerySet["FormerOrganisation"]):
    """Reads on what was merged."""

    def standing(self) -> "FormerQuerySet":
        """Return those that were not taken apart again."""
        return self.filter(apart_at=None)


class FormerOrganisation(models.Model):
    """An organisation that was merged into another on a day: old addresses lead there.

    What stood in its row, and what moved (`MovedRow`), is kept, so that the two can be taken
    apart again; who, when and why stands in the audit trail too.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="formers")
    # Which one it was merged into, whatever that was merged into since.
    into_id = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=10, choices=MergeKind, default=MergeKind.DOUBLE)
    # Since when it is so; for a row that was there twice, the day on which that was found.
    day = models.DateField()
    slug = models.SlugField(max_length=120)
    name = models.CharField(max_length=200)
    # The id it had: its own history is found by it.
    former_id = models.PositiveBigIntegerField()
    # Its row as it stood, by column.
    held = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    # By field of the one that stays what stood there before the merge, and after.
    kept = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    # By relation the newest row of that time: later ones came since.
    marks = models.JSONField(default=dict)
    # The mails that were for it.
    mails = models.JSONField(default=list)
    merged_at = models.DateTimeField(default=timezone.now)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    apart_at = models.DateTimeField(null=True, blank=True)
    apart_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = FormerQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-merged_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["slug"], condition=Q(apart_at=None), name="former_slug_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MovedRow(models.Model):
    """What a merge did to one row: moved, changed, removed or made; by this it goes back.

    `before` and `after` name the columns that the merge itself changed, and those that must be
    as they were for the row to go back; of a removed row all columns.
    """

    merge = models.ForeignKey(FormerOrganisation, models.CASCADE, related_name="rows")
    # As `relations` names it: "applications.Application.organisation".
    relation = models.CharField(max_length=120)
    row_id = models.PositiveBigIntegerField()
    how = models.CharField(max_length=10, choices=MovedHow)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    # Whom a removed row was about: without the account nothing is kept of it.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.relation} {self.row_id}: {self.get_how_display()}"


class Split(models.Model):
    """That an organisation became two on a day; what went to the new one is on record."""

    # The new one, and the one it came out of.
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="splits_from")
    out_of = models.ForeignKey(Organisation, models.CASCADE, related_name="splits")
    kind = models.CharField(max_length=10, choices=SplitKind)
    day = models.DateField()
    split_at = models.DateTimeField(default=timezone.now)
    split_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-split_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.out_of}, {self.organisation}"


class LikelyDouble(models.Model):
    """That two organisations look alike; worked out from the register, and anew when it changes.

    What staff found of the two is kept elsewhere (Neighbours, a merge).
    """

    # Nothing of it moves when organisations are merged or split: `relations` leaves it out.
    IS_WORKED_OUT = True

    # The one with the lower id first, so that a pair is one row.
    one = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    other = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    why = models.CharField(max_length=10, choices=Alike)

    class Meta:
        ordering: ClassVar = ["one__country", "one__skeleton", "one", "other"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["one", "other"], name="likely_double_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="likely_double_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one}, {self.other}"


class Neighbours(models.Model):
    """That two organisations which look alike are two, as staff found: nobody is warned again."""

    # The one with the lower id first, so that a pair is one row.
    one = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    other = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    reason = models.TextField(blank=True)
    found_at = models.DateTimeField(default=timezone.now)
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name, verbose_name_plural = _("pair found to be two"), _("pairs found to be two")
        ordering: ClassVar = ["-found_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["one", "other"], name="neighbours_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="neighbours_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one}, {self.other}"
