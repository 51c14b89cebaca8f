"""Wake-up of the seal over all records."""

import logging

from celery import shared_task

from core.trail import services

logger = logging.getLogger(__name__)


@shared_task
def seal_records() -> None:
    """Make the root of the day, once; the log is a place outside the database."""
    if root := services.seal_daily():
        logger.info("Audit root %s: %s records in %s chains.", root, root.records, root.chains)
