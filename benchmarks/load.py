"""`python -m benchmarks.load`: 200 people at once on the web of the portal, on PostgreSQL.

A hundred write, each in a draft of their own, and save a section every five seconds; a hundred
read, a page every five seconds. Prints how long they waited and how many requests failed; exits
with 1 beyond LIMIT_SECONDS or with a failure. The web runs as `manage.py portal` runs it.

On a machine that does other things as well the waiting says little: the processor time of the web
stands beside it.
"""

import argparse
import http.client
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.__main__ import prepare_django, provide
from iuc_portal.supervisor import die_with_parent
from tests.infra.broker import start_broker
from tests.infra.postgres import start_postgres
from tests.infra.processes import free_port, wait_for_port

WRITERS = READERS = 100
EVERY_SECONDS = 5.0
LIMIT_SECONDS = 1.0
PATIENCE_SECONDS = 30


@dataclass
class Waits:
    """What one kind of people waited, in seconds, and what failed."""

    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def line(self, name: str) -> str:
        """Return the figures as a line of the table."""
        cuts = statistics.quantiles(self.seconds, n=100) if len(self.seconds) > 1 else [0.0] * 99
        return (
            f"{name:<8} {len(self.seconds):>6} requests  median {cuts[49] * 1000:>6.0f} ms  "
            f"p95 {cuts[94] * 1000:>6.0f} ms  longest {max(self.seconds, default=0) * 1000:>6.0f} "
            f"ms  {len(self.failures)} failed"
        )

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.seconds, n=20)[18] if len(self.seconds) > 1 else 0.0


class Person:
    """Somebody with a browser, who asks for something every five seconds."""

    def __init__(self, port: int, cookie: str, next_request: Callable[[], "Request"]) -> None:
        self.port = port
        self.cookie = cookie
        self.next_request = next_request

    def live(self, start: float, until: float, waits: Waits) -> None:
        """Ask again and again; each request is due at its time, however long the last took."""
        due = start
        while due < until:
            time.sleep(max(0.0, due - time.monotonic()))
            # One who waited for too long has not asked meanwhile.
            due = max(due + EVERY_SECONDS, time.monotonic())
            request = self.next_request()
            began = time.monotonic()
            status: int | str
            try:
                status = self.ask(request)
            except (OSError, http.client.HTTPException) as error:
                status = type(error).__name__
            waits.seconds.append(time.monotonic() - began)
            if status != 200:  # noqa: PLR2004 - all pages that are asked are there
                waits.failures.append(f"{status} {request.address}")

    def ask(self, request: "Request") -> int:
        """Send one request and read the answer; return its status."""
        # The proxies before the portal open a connection for each request.
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        headers = {"Host": "localhost", "Cookie": self.cookie}
        body = None
        if request.fields is not None:
            body = urlencode(request.fields)
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
            headers |= {"X-CSRFToken": request.token}
        client.request("GET" if body is None else "POST", request.address, body, headers)
        try:
            answer = client.getresponse()
            answer.read()
        finally:
            client.close()
        return answer.status


@dataclass
class Request:
    """What is asked."""

    address: str
    fields: dict[str, str] | None = None
    token: str = ""


def main(arguments: list[str]) -> int:
    """Build the data, start the web, let 200 people in, print what they waited."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--web-workers", type=int, help="as in manage.py portal")
    asked = parser.parse_args(arguments)
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="iuc-load-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)
        provide("DATABASE_URL", start_postgres, folder, stack)
        provide("REDIS_URL", start_broker, folder, stack)
        prepare_django(folder)
        port = free_port()
        people = make_people(port)
        web = start_web(folder, port, asked.web_workers)
        stack.callback(web.wait)
        stack.callback(web.terminate)
        wait_for_port(port, web, folder / "web.log", seconds=60)
        return run(people, web.pid, asked.seconds)


def start_web(folder: Path, port: int, workers: int | None) -> "subprocess.Popen[bytes]":
    """Start the web alone, in the way of `manage.py portal`."""
    from iuc_portal.management.commands.portal import portal_parts  # noqa: PLC0415 - after setup

    (part,) = [
        part for part in portal_parts("127.0.0.1", port, web=workers, tasks=1) if part.name == "web"
    ]
    with (folder / "web.log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - our own command
            list(part.command),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - no thread runs yet
        )


def make_people(port: int) -> dict[str, list[Person]]:
    """Build the portal and its people; all that they need is in the database afterwards."""
    from benchmarks import data  # noqa: PLC0415 - models load after setup
    from benchmarks.sizes import SIZES  # noqa: PLC0415

    data.build()
    # Not every city may apply to every call.
    data.fill(replace(SIZES[0], applications=2 * WRITERS))
    from benchmarks.load_people import readers, writers  # noqa: PLC0415

    people = {
        "writers": [Person(port, cookie, ask) for cookie, ask in writers(WRITERS)],
        "readers": [Person(port, cookie, ask) for cookie, ask in readers(READERS)],
    }
    from django.db import connections  # noqa: PLC0415

    connections.close_all()
    return people


def run(people: dict[str, list[Person]], web: int, seconds: float) -> int:
    """Let everybody in, evenly over the first five seconds, and print the figures."""
    waits = {name: Waits() for name in people}
    everybody = [(name, person) for name, group in people.items() for person in group]
    start = time.monotonic() + 1
    cpu = processor_seconds(web)
    threads = [
        threading.Thread(
            target=person.live,
            # Writers and readers by turns.
            args=(
                start + EVERY_SECONDS * (number % WRITERS) / WRITERS,
                start + seconds,
                waits[name],
            ),
        )
        for number, (name, person) in enumerate(everybody)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cpu = processor_seconds(web) - cpu
    asked = sum(len(each.seconds) for each in waits.values())
    for name, each in waits.items():
        print(each.line(name))
        for failure in sorted(set(each.failures))[:5]:
            print(f"    {failure}")
    print(
        f"web      {cpu / asked * 1000:.0f} ms of a processor per request, "
        f"{cpu / (time.monotonic() - start):.2f} processors busy of {os.cpu_count()}"
    )
    failed = any(each.failures or each.p95 > LIMIT_SECONDS for each in waits.values())
    return 1 if failed else 0


def processor_seconds(parent: int) -> float:
    """Return the processor time of a process and its children so far."""
    ticks = 0
    for pid in [str(parent), *children(parent)]:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def children(parent: int) -> list[str]:
    return Path(f"/proc/{parent}/task/{parent}/children").read_text().split()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
