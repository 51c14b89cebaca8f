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
