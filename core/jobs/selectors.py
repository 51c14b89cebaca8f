"""Reads on jobs and on the pulse."""

import datetime as dt

from django.db.models import Q, QuerySet

from core.jobs.models import Heartbeat, Job
from core.jobs.states import UNFINISHED, JobState
from core.kit.people import Person

# A wake-up usually comes within a second; then beat waits this long before it asks once more.
UNHEARD = dt.timedelta(seconds=10)
ASK_AGAIN = dt.timedelta(minutes=5)


def jobs_of(person: Person) -> "QuerySet[Job]":
    """Return the jobs that the person started, the newest first, with what they made."""
    return Job.objects.filter(by_id=person.pk).select_related("result")


def free_jobs(now: dt.datetime) -> "QuerySet[Job]":
    """Return the jobs that a worker may take: those that wait, and those of dead workers."""
    return Job.objects.filter(
        Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, leased_until__lt=now)
    )


def unheard_jobs(now: dt.datetime) -> "QuerySet[Job]":
    """Return the free jobs for which beat asks a worker."""
    return free_jobs(now).filter(
        Q(asked_at=None) | Q(asked_at__lt=now - ASK_AGAIN), created_at__lt=now - UNHEARD
    )


def expired_jobs(now: dt.datetime) -> "QuerySet[Job]":
    """Return the finished jobs whose time is over, with what they made."""
    return (
        Job.objects.filter(expires_at__lt=now)
        .exclude(state__in=UNFINISHED)
        .select_related("result")
    )


def latest_heartbeat() -> dt.datetime | None:
    """Return when beat last reached a worker."""
    return Heartbeat.objects.values_list("at", flat=True).first()
