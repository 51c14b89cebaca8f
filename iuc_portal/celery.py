"""The Celery application. Tasks are wake-ups; the database is the truth."""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_ready
from django.conf import settings

from iuc_portal.transports import use_forgiving_transports

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iuc_portal.settings.base")

use_forgiving_transports()
app = Celery("iuc_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def log_as_the_web_does(loglevel: int, **_: Any) -> None:
    """Keep Celery from making handlers of its own, which would write the tokens of links."""
    logging.config.dictConfig(settings.LOGGING)
    logging.getLogger().setLevel(loglevel)


@beat_init.connect
def run_schedule_at_once(**_: Any) -> None:
    """Send every periodic task once when beat starts.

    Beat itself first waits a whole interval; a fresh portal should be ready, and catch up on
    what fell due while it was off, in seconds.
    """
    for entry in app.conf.beat_schedule.values():
        app.send_task(entry["task"])


@worker_ready.connect
def beat_heart_at_once(**_: Any) -> None:
    """Show /health/ready that a worker that has just started does its work."""
    app.send_task("core.jobs.tasks.heartbeat")
