"""The Celery application. Tasks are wake-ups; the database is the truth."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iuc_portal.settings.base")

app = Celery("iuc_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_init.connect
def run_schedule_at_once(**_: Any) -> None:
    """Send every periodic task once when beat starts.

    Beat itself first waits a whole interval; a fresh portal should be ready, and catch up on
    what fell due while it was off, in seconds.
    """
    for entry in app.conf.beat_schedule.values():
        app.send_task(entry["task"])
