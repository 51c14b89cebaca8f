"""Runs: one action on many applications, with what became of each."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from accounts.rules import is_coordinator, is_regional_desk, sees_everything
from applications.bulk.states import RowState
from applications.models import Application
from core.jobs.models import Job
from core.jobs.states import JobState

if TYPE_CHECKING:
    from accounts.models import User


class BulkRunQuerySet(models.QuerySet["BulkRun"]):
    """Who sees which runs."""

    def visible_to(self, user: "User") -> "BulkRunQuerySet":
        """Return all of them to who sees everything, and to a desk its own."""
        if sees_everything(user):
            return self
        if is_coordinator(user) or is_regional_desk(user):
            return self.filter(by=user)
        return self.none()


class BulkRun(models.Model):
    """One action on many applications: who began it, with what, and who took it back and why."""

    # The key of an action (applications.acting), what its form asked for, and what it is called.
    action = models.CharField(max_length=80)
    values = models.JSONField(default=dict, blank=True)
    title = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    # The work that does it, or takes it back; gone after some days.
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    undone_because = models.TextField(blank=True)

    objects = BulkRunQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["-made_at", "-id"], name="run_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(undone_at=None) | ~models.Q(undone_because=""),
                name="run_undone_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_working(self) -> bool:
        """Whether its work waits or goes on."""
        return self.job is not None and self.job.is_unfinished

    @property
    def is_stopped(self) -> bool:
        """Whether somebody has stopped its work."""
        return self.job is not None and self.job.state == JobState.CANCELLED


class BulkRow(models.Model):
    """What a run did to one application: it is written by itself, in a transaction of its own."""

    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="rows")
    application = models.ForeignKey(Application, models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=RowState, default=RowState.WAITING)
    # What stood for the application as it was shown: another one by now, and it is left.
    seen = models.CharField(max_length=20)
    before = models.CharField(max_length=200, blank=True)
    after = models.CharField(max_length=200, blank=True)
    # What taking it back needs.
    kept = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    # Why it was left, or taken back: a sentence for staff.
    message = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        # As they were shown.
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "application"], name="bulk_row_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["run", "state"], name="bulk_row_by_state")]

    def __str__(self) -> str:
        return f"{self.run}: {self.application}"
