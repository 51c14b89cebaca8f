"""The pulse that beat sends through the broker."""

from celery import shared_task

from core.jobs.services import beat_heart


@shared_task
def heartbeat() -> None:
    """Note that beat, the broker and a worker are alive."""
    beat_heart()
