"""Fixtures for tests marked `broker`: a real Celery worker, in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection

from iuc_portal.celery import app
from iuc_portal.supervisor import die_with_parent
from tests.infra.waiting import wait_until


@pytest.fixture
def real_broker() -> Iterator[str]:
    """Send tasks to the broker instead of running them at once. Returns its address."""
    before = app.conf.task_always_eager
    app.conf.task_always_eager = False
    yield django_settings.REDIS_URL
    app.conf.task_always_eager = before


@pytest.fixture(scope="session")
def worker_folder(django_db_setup: None, tmp_path_factory: Any) -> Iterator[Path]:
    """Run one worker for the whole session, on this process's test database."""
    folder = tmp_path_factory.mktemp("worker")
    log = folder / "worker.log"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "iuc_portal.settings.base",
        "DEMO": "0",
        "SECRET_KEY": "for-tests-only",
        "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": address_of_test_database(),
        "REDIS_URL": django_settings.REDIS_URL,
        "VAR_DIR": str(folder),
    }
    command = [sys.executable, "-m", "celery", "-A", "iuc_portal", "worker", "--pool", "solo"]
    command += ["--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=environment,
            cwd=django_settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=die_with_parent,
        )
    try:
        wait_until(
            lambda: " ready." in log.read_text(errors="replace") or process.poll() is not None,
            # A busy machine takes its time to load the portal.
            seconds=90,
        )
        if process.poll() is not None:
            message = f"The Celery worker did not start:\n{log.read_text()[-3000:]}"
            raise RuntimeError(message)
        yield folder
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture
def real_worker(transactional_db: None, real_broker: str, worker_folder: Path) -> Path:
    """Tasks go through the broker to a real worker. Returns the folder it writes to.

    The worker sees only committed rows, and works beside the test: wait for an effect with
    `tests.infra.waiting.wait_until`.
    """
    return worker_folder


def address_of_test_database() -> str:
    """Return the address of this process's test database."""
    facts = connection.settings_dict
    user = facts["USER"] + (f":{facts['PASSWORD']}" if facts["PASSWORD"] else "")
    return f"postgres://{user}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"
