"""The record of what was done, by whom, when and why."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from core.trail.verbs import describe


class AuditEvent(models.Model):
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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new event; one that is written stays as it is."""
        if not self._state.adding:
            message = "Events of the audit trail are never changed."
            raise TypeError(message)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:  # noqa: ARG002
        """Refuse: events of the audit trail are never removed."""
        message = "Events of the audit trail are never removed."
        raise TypeError(message)

    @property
    def sentence(self) -> str:
        """What happened, for people."""
        return describe(self.verb)
