"""Questions of staff on single answers of an application, and what its city said to them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from applications.models.application import Application
from applications.models.records import Submission
from applications.states import ClarificationAnswer
from core.files.models import StoredFile
from core.kit import days
from core.threads.models import Thread


class Clarification(models.Model):
    """One question on one answer that was sent, due at an instant.

    The answer of the city is an addition: what was sent stays as it is. `sha256` is the
    fingerprint of the addition with that of what it adds to, so neither can be exchanged.
    What else both sides write stands in the thread.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="clarifications")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="clarifications")
    thread = models.OneToOneField(Thread, models.PROTECT, related_name="+")
    # The answer that is asked about: its key (applications.parts), and how it read then.
    row = models.CharField(max_length=200)
    part = models.CharField(max_length=200)
    label = models.CharField(max_length=300)
    sent_text = models.TextField(blank=True)
    question = models.TextField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    # Who looks after it since the asker has handed it over.
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    # When the city was last told of the due date.
    told_at = models.DateTimeField(default=timezone.now)
    # "" until the city has answered.
    kind = models.CharField(max_length=10, choices=ClarificationAnswer, blank=True)
    answer = models.TextField(blank=True)
    # What the city sent along with its answer. Its view asks who sees the application.
    file = models.OneToOneField(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    answered_at__isnull=True, kind="", answer="", sha256="", file__isnull=True
                )
                | Q(answered_at__isnull=False)
                & ~Q(kind="")
                & ~Q(answer="")
                & ~Q(sha256="")
                & Q(withdrawn_at__isnull=True),
                name="clarification_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.label}"

    @property
    def is_answered(self) -> bool:
        """Whether the city has answered."""
        return self.answered_at is not None

    @property
    def is_waiting(self) -> bool:
        """Whether neither side has ended it."""
        return self.answered_at is None and self.withdrawn_at is None

    @property
    def is_late(self) -> bool:
        """Whether it waits although its date is over: staff may set a later one."""
        return self.is_waiting and days.now() > self.due_at

    @property
    def is_correction(self) -> bool:
        """Whether the city said its answer anew, instead of explaining it."""
        return self.kind == ClarificationAnswer.CORRECT
