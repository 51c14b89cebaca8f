"""Wake-ups of jobs, and the pulse that beat sends through the broker."""

import logging

from celery import shared_task

from core.jobs import services

logger = logging.getLogger(__name__)

# Seconds; less than the hour after which a broker hands a task to another worker.
LONGEST_JOB = 50 * 60


@shared_task(soft_time_limit=LONGEST_JOB, time_limit=LONGEST_JOB + 60)
def run_job(pk: int) -> None:
    """Do a job."""
    services.run_job(pk=pk)


@shared_task
def sweep_jobs() -> None:
    """Ask for a worker for each job that waits unheard, and remove what has expired."""
    for pk in services.ask_for_workers():
        run_job.delay(pk)
    if removed := services.remove_expired_jobs():
        logger.info("Jobs: %s removed that had expired.", removed)


@shared_task
def heartbeat() -> None:
    """Note that beat, the broker and a worker are alive."""
    services.beat_heart()
