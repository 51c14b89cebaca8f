"""Reads on the pulse."""

from datetime import datetime

from core.jobs.models import Heartbeat


def latest_heartbeat() -> datetime | None:
    """Return when beat last reached a worker."""
    return Heartbeat.objects.values_list("at", flat=True).first()
