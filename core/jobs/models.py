"""Long work that somebody waits for; and the pulse of beat and worker."""

import datetime as dt
import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.files.models import StoredFile
from core.jobs.kinds import JobKind, job_kinds
from core.jobs.states import STATE_TONES, UNFINISHED, JobState
from core.kit import days

KEPT_FOR = dt.timedelta(days=7)


def new_key() -> str:
    """Return what stands in the address of a job."""
    return secrets.token_hex(8)


def when_expired() -> dt.datetime:
    """Return when a job that starts now is removed."""
    return days.now() + KEPT_FOR


class Job(models.Model):
    """Work that takes longer than a page may: who started it, how far it is, what it made.

    The row is the truth, a task only a wake-up. A worker that takes it writes when its lease
    ends, and writes that anew with each sign of progress; once the lease is over the worker is
    taken for dead and another one begins again. Page and result are the starter's alone.
    """

    key = models.CharField(max_length=16, unique=True, default=new_key)
    # A name in core.jobs.kinds; `params` are what its function gets.
    kind = models.CharField(max_length=60)
    params = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=10, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="jobs"
    )
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    done = models.PositiveIntegerField(default=0)
    # 0 while nobody knows.
    total = models.PositiveIntegerField(default=0)
    # Where it is, what it made, or why it failed: a sentence for its starter.
    message = models.CharField(max_length=500, blank=True)
    result = models.OneToOneField(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Which run this is: a worker whose number has passed has lost the job.
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    # When beat last asked for a worker.
    asked_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(default=when_expired)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(state__in=UNFINISHED),
                name="job_unfinished",
            ),
            models.Index(fields=["by", "-created_at"]),
            models.Index(fields=["expires_at"]),
        ]

    def __str__(self) -> str:
        return str(self.what.title) if self.what else self.kind

    @property
    def what(self) -> JobKind | None:
        """Return its kind; None once no app brings it any more."""
        return job_kinds().get(self.kind)

    @property
    def is_unfinished(self) -> bool:
        """Whether it waits or runs."""
        return self.state in UNFINISHED

    @property
    def tone(self) -> str:
        """Return the tone of components/status.html."""
        return STATE_TONES[JobState(self.state)]


class Heartbeat(models.Model):
    """When beat last reached a worker; one row."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"
