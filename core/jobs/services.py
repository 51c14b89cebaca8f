"""The pulse: that beat, the broker and a worker are alive."""

from django.utils import timezone

from core.jobs.models import Heartbeat


def beat_heart() -> None:
    """Note that a worker was reached just now."""
    Heartbeat.objects.update_or_create(pk=1, defaults={"at": timezone.now()})
