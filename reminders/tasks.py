"""Wake-ups from beat and from the web; the database says what there is to do."""

import logging

from celery import shared_task
from django.utils import timezone

from reminders import services

logger = logging.getLogger(__name__)


@shared_task
def send_outbox() -> None:
    """Send the mails that are due."""
    report = services.send_waiting_mails()
    if report.sent or report.failed or report.postponed or report.stopped:
        logger.info("Outbox: %s", report)


@shared_task
def sweep_reminders() -> None:
    """Open missing plans, queue what is due by now, and send it."""
    services.open_missing_plans()
    if services.queue_reminders(now=timezone.now()):
        send_outbox()


@shared_task
def heartbeat() -> None:
    """Note that beat, the broker and a worker are alive."""
    services.beat_heart()
