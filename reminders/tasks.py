"""Wake-ups from beat and from the web; the database says what there is to do."""

import logging

from celery import shared_task
from django.utils import timezone

from core.post.tasks import send_outbox
from reminders import services

logger = logging.getLogger(__name__)


@shared_task
def sweep_reminders() -> None:
    """Open missing plans, queue what is due by now, and send it."""
    services.open_missing_plans()
    if services.queue_reminders(now=timezone.now()):
        send_outbox()
