"""A whole portal of its own: started, hurt, watched. Used by a test and by `tests.infra.soak`."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import redis

from iuc_portal.embedded import address
from iuc_portal.supervisor import die_with_parent
from tests.infra.migrated import FILE_VARIABLE
from tests.infra.processes import free_port
from tests.infra.waiting import wait_until

ROOT = Path(__file__).parent.parent.parent
MEGABYTE = 1024 * 1024
# Seconds between two questions whether a portal is ready: each costs it all its checks.
PAUSE = 0.5


def _message(**changes: Any) -> bytes:
    """Return a message that asks for a heartbeat, in Celery's form, with changes to its parts."""
    properties = {"body_encoding": "base64", "delivery_tag": "1", "delivery_info": {}}
    whole = {
        "body": "W1tdLCB7fSwge31d",
        "content-type": "application/json",
        "content-encoding": "utf-8",
        "headers": {"task": "core.jobs.tasks.heartbeat", "id": "1"},
        "properties": properties,
    }
    return json.dumps({**whole, **changes}).encode()


# The beginnings of messages, other things, and messages for nobody.
RUBBISH = (
    b"",
    b"{",
    b"\x00\xff\xfe rubbish",
    b"[]",
    b"{}",
    b"7",
    _message()[:100],
    _message(properties={}),
    _message(properties={"delivery_tag": "2"}, headers={}),
    _message(properties={"delivery_tag": "3", "body_encoding": "base64"}, body="%%%"),
    _message(headers={"task": "no.such.task", "id": "4"}),
    _message(headers={"task": ["a", "list"], "id": "5"}),
    _message(headers={"task": "core.jobs.tasks.heartbeat", "id": 6, "eta": "soon"}),
    _message(**{"content-type": "application/x-python-serialize"}),
    _message(body=7),
)


class RunningPortal:
    """A portal that `manage.py portal` runs in a process of its own."""

    def __init__(self, folder: Path, process: "subprocess.Popen[bytes]", port: int) -> None:
        self.var = folder / "var"
        self.log = folder / "portal.log"
        self.process = process
        self.port = port

    def get(self, path: str) -> tuple[int, str]:
        """Return status (0: no answer) and text of a page."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as page:
                return page.status, page.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def is_live(self) -> bool:
        return self.get("/health/live")[0] == 200

    def is_ready(self) -> bool:
        return self.get("/health/ready")[0] == 200

    def checks(self) -> dict[str, Any]:
        return json.loads(self.get("/health/ready")[1])["checks"]

    def age_of_heartbeat(self) -> float:
        """Return how many seconds ago beat last reached a worker."""
        return self.checks()["beat"].get("age_seconds", float("inf"))

    def pid_of(self, part: str) -> int:
        """Return the process that the supervisor started for a part."""
        words = {
            "broker": b"broker.sock",
            "web": b"gunicorn",
            "worker": b"\0worker\0",
            "beat": b"\0beat\0",
        }
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        for child in children.split():
            if words[part] in Path(f"/proc/{child}/cmdline").read_bytes():
                return int(child)
        message = f"The part {part} does not run."
        raise LookupError(message)

    def memory_of_web(self) -> int:
        """Return how many bytes the processes that answer hold at the moment."""
        web = self.pid_of("web")
        children = Path(f"/proc/{web}/task/{web}/children").read_text().split()
        pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in children)
        return pages * os.sysconf("SC_PAGE_SIZE")

    def kill(self, part: str) -> None:
        """End a part without a farewell, once it runs."""
        os.kill(wait_until(lambda: self.find(part), seconds=60), signal.SIGKILL)

    def find(self, part: str) -> int | None:
        """Return the process of a part, if it runs just now."""
        try:
            return self.pid_of(part)
        except (LookupError, OSError):
            return None

    def throw_rubbish(self) -> None:
        """Put into the broker what is no message of ours."""
        client = redis.Redis.from_url(address(self.var / "broker"), socket_timeout=5)
        client.rpush("celery", *RUBBISH)
        for rubbish in RUBBISH:
            client.publish("/0.celery.pidbox", rubbish)
        client.close()

    def misplace_queue(self) -> None:
        """Put something else in the place of the queue."""
        client = redis.Redis.from_url(address(self.var / "broker"), socket_timeout=5)
        client.set("celery", "no queue")
        client.close()


def _environment(folder: Path, **more: str) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if name not in _NOT_HANDED_ON},
        "DJANGO_SETTINGS_MODULE": "iuc_portal.settings.base",
        "DEMO": "1",
        # Each process that answers learns all pages anew.
        "WEB_CONCURRENCY": "1",
        "VAR_DIR": str(folder / "var"),
        **more,
    }


def empty_portal(folder: Path) -> Path:
    """Make the data of an empty portal there, to be copied for each that runs; return them."""
    (folder / "var").mkdir()
    if migrated := os.environ.get(FILE_VARIABLE):
        shutil.copy(migrated, folder / "var" / "portal.sqlite3")
    for step in ("collectstatic",) if migrated else ("migrate", "collectstatic"):
        command = [sys.executable, "manage.py", step, "-v0", "--noinput"]
        subprocess.run(command, cwd=ROOT, env=_environment(folder), check=True)
    return folder / "var"


@contextmanager
def short_folder() -> Iterator[Path]:
    """Give a folder whose path leaves room for a socket."""
    with tempfile.TemporaryDirectory(prefix="iuc-") as folder:
        yield Path(folder)


@contextmanager
def running_portal(folder: Path, *, data: Path | None = None) -> Iterator[RunningPortal]:
    """Run a portal on SQLite and its own broker in that folder, and stop it at the end.

    It starts with a copy of `data`, unless the folder has some; without, it prepares the demo.
    """
    port = free_port()
    if data and not (folder / "var").exists():
        shutil.copytree(data, folder / "var")
    with (folder / "portal.log").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "portal", *([] if data else ["--prepare"])],
            cwd=ROOT,
            env=_environment(folder, PORT=str(port)),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=die_with_parent,
        )
    portal = RunningPortal(folder, process, port)
    # The demo takes its time to be made on a busy machine.
    patience = 180 if data else 900
    try:
        wait_until(
            lambda: process.poll() is not None or portal.is_ready(), seconds=patience, pause=PAUSE
        )
        if process.poll() is not None:
            raise RuntimeError(portal.log.read_text())
        yield portal
    finally:
        process.terminate()
        process.wait(timeout=30)


_NOT_HANDED_ON = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "BASE_URL", "ALLOWED_HOSTS"}
