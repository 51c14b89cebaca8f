"""The broom of the storage."""

import logging

from celery import shared_task

from core.files import services

logger = logging.getLogger(__name__)


@shared_task
def sweep_files() -> None:
    """Remove files that nothing belongs to."""
    if removed := services.sweep_files():
        logger.info("Files: %s removed that nothing belonged to.", removed)


@shared_task
def scan_files() -> None:
    """Ask the scanner about what waits for it."""
    if decided := services.scan_waiting():
        logger.info("Files: %s checked that had waited.", decided)
