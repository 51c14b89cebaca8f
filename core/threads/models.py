"""Conversations: who wrote what, in order. What a thread is about points at it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.trail.append_only import AppendOnlyModel


class Thread(models.Model):
    """A conversation.

    It carries no rights and has no address of its own: the row that it belongs to holds the
    foreign key, and that row's service and view ask who may write and read.
    """

    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Thread {self.pk}"


class Message(AppendOnlyModel):
    """What one person wrote in a thread; it stays as it was written."""

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="messages")
    at = models.DateTimeField(default=timezone.now)
    # Null once the account is gone; `name` keeps who it was.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=254)
    words = models.TextField()

    class Meta:
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.name}: {self.words:.40}"
