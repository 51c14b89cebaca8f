"""Celery: a real broker and a real worker; and a broker that nobody must notice."""

import time

import pytest
from celery import Celery
from celery.schedules import schedule
from django.conf import settings as django_settings
from django.utils import timezone
from kombu.exceptions import OperationalError

from core.jobs.selectors import latest_heartbeat
from core.jobs.tasks import heartbeat
from iuc_portal.celery import app, run_schedule_at_once
from tests.infra.waiting import wait_until


@pytest.mark.broker
def test_task_goes_through_the_broker_to_a_worker(real_worker):
    before = timezone.now()

    heartbeat.delay()

    # A worker that has just started sends one by itself.
    wait_until(lambda: (latest := latest_heartbeat()) and latest >= before)


@pytest.mark.broker
def test_schedule_runs_at_once_when_beat_starts(real_worker):
    run_schedule_at_once()

    assert wait_until(latest_heartbeat)


def test_schedule_names_tasks_that_exist():
    app.loader.import_default_modules()

    for name, entry in django_settings.CELERY_BEAT_SCHEDULE.items():
        assert entry["task"] in app.tasks, name
        assert isinstance(entry["schedule"], float | schedule)


@pytest.mark.broker
@pytest.mark.parametrize("state", ["away", "silent"])
def test_broker_that_does_not_answer_costs_a_moment(silent_server, state):
    port = silent_server if state == "silent" else 1
    stranger = Celery("stranger", broker=f"redis://127.0.0.1:{port}/0", set_as_current=False)
    stranger.conf.update(
        broker_transport_options=django_settings.CELERY_BROKER_TRANSPORT_OPTIONS,
        task_publish_retry=django_settings.CELERY_TASK_PUBLISH_RETRY,
    )
    started = time.monotonic()

    with pytest.raises(OperationalError):
        stranger.send_task("core.jobs.tasks.heartbeat", ignore_result=True)

    assert time.monotonic() - started < 2
