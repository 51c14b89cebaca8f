"""Wake-ups from beat and from the web; the database says what there is to do."""

import logging

from celery import shared_task

from reminders import services

logger = logging.getLogger(__name__)


@shared_task
def send_outbox() -> None:
    """Send the mails that are due."""
    report = services.send_waiting_mails()
    if report.sent or report.failed or report.postponed or report.stopped:
        logger.info("Outbox: %s", report)


@shared_task
def heartbeat() -> None:
    """Note that beat, the broker and a worker are alive."""
    services.beat_heart()
