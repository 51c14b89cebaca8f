"""The record of what was done, by whom, when and why."""

from typing import ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from core.trail.append_only import AppendOnlyModel
from core.trail.verbs import describe


class AuditEvent(AppendOnlyModel):
    """One accepted change: who did what to what, when and why. Append-only."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    # Kept beside the key, so that the record outlives the account.
    actor_name = models.CharField(max_length=254, blank=True)
    verb = models.CharField(max_length=60, db_index=True)
    target_type = models.ForeignKey(ContentType, models.PROTECT)
    target_id = models.BigIntegerField()
    target = GenericForeignKey("target_type", "target_id")
    target_label = models.CharField(max_length=254)
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["target_type", "target_id", "-at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.target_label}"

    @property
    def sentence(self) -> str:
        """What happened, for people."""
        return describe(self.verb)
