"""Wake-ups from beat and from the web; the database says what there is to do."""

from celery import shared_task

from core.kit.days import now
from core.post.tasks import send_outbox
from reminders import services


@shared_task
def sweep_reminders() -> None:
    """Open missing plans, queue what has come up, and send it."""
    services.open_missing_plans()
    if services.sweep_reminders(now=now()):
        send_outbox()
