"""What people were reminded of, and when the catalogue of duties was last looked at."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.post.models import Mail


class Delivery(models.Model):
    """That a reminder was given to somebody: the unique row makes each single.

    `due_key` tells occasions apart (the instant it is due and the day before it), so that a
    moved deadline is a new occasion and a repeated sweep is not.
    """

    # The kind of the duty and its key, by which the catalogue finds it again.
    kind = models.CharField(max_length=40)
    duty = models.CharField(max_length=160)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminders"
    )
    due_key = models.CharField(max_length=80)
    # Which sweep wrote it: after an insert that skips what others wrote, it finds its own.
    sweep = models.UUIDField(default=uuid.uuid4, db_index=True)
    created_at = models.DateTimeField(default=timezone.now)
    mail = models.ForeignKey(
        Mail, models.SET_NULL, null=True, blank=True, related_name="deliveries"
    )

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["duty", "recipient", "due_key"], name="delivery_once"),
        ]

    def __str__(self) -> str:
        return f"{self.duty} {self.due_key}"


class Look(models.Model):
    """Until when the sweep has looked at the catalogue; one row."""

    last_look = models.DateTimeField()
    # When it last asked for everything, not only for what came up since.
    last_full = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.last_look:%Y-%m-%d %H:%M:%S}"
