"""The mail outbox, the record of reminders, and the pulse of beat and worker."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.post.models import Mail
from reminders.states import ReminderKind


class Delivery(models.Model):
    """That a reminder was given to somebody: the unique row makes each single.

    `due_key` tells occasions apart (the closing instant and offset, a due date), so that
    a moved deadline is a new occasion and a repeated sweep is not.
    """

    kind = models.CharField(max_length=20, choices=ReminderKind)
    # "application:12": what it is about.
    about = models.CharField(max_length=60)
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
            models.UniqueConstraint(
                fields=["kind", "about", "recipient", "due_key"], name="delivery_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about} {self.due_key}"
