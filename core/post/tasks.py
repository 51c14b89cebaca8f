"""Wake-ups of the outbox; the database says what there is to send."""

import logging

from celery import shared_task

from core.post.services import send_waiting_mails

logger = logging.getLogger(__name__)


@shared_task
def send_outbox() -> None:
    """Send the mails that are due."""
    report = send_waiting_mails()
    if report.sent or report.failed or report.postponed or report.withdrawn or report.stopped:
        logger.info("Outbox: %s", report)
