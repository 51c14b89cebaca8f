"""`python -m benchmarks.load`: 200 people at once on the web of the portal, on PostgreSQL.

They write, each in a draft of their own, and save a section every five seconds, for five minutes.
Beside them a few ask for a page that costs one query: what they wait is what this machine makes
anybody wait, and the savers are held against it. Prints how long all waited, what failed, and
whether what was last saved is there; exits with 1 when something is lost, when more than one
request in 200 fails, or when the savers' p95 is more than three times that of the others.
The web runs as `manage.py portal` runs it; `--writers 100 --readers 100` mixes in people who read
pages of all kinds.

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

WRITERS = 200
# Enough for a p95: 600 answers in five minutes.
YARDSTICKS = 10
EVERY_SECONDS = 5.0
MOST_TIMES = 3.0
MOST_FAILED = 0.005
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
        # What was sent last and taken.
        self.taken: Request | None = None

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
            elif request.fields is not None:
                self.taken = request

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
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--writers", type=int, default=WRITERS)
    parser.add_argument("--readers", type=int, default=0)
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
        people = make_people(port, asked.writers, asked.readers)
        web = start_part(folder, port, "web", asked.web_workers)
        stack.callback(web.wait)
        stack.callback(web.terminate)
        wait_for_port(port, web, folder / "web.log", seconds=60)
        waits = run(people, web.pid, asked.seconds)
        return verdict(waits, lost=texts_lost(people["writers"]))


def start_part(
    folder: Path, port: int, name: str, workers: int | None = None
) -> "subprocess.Popen[bytes]":
    """Start the web or the worker alone, in the way of `manage.py portal`."""
    from iuc_portal.management.commands.portal import portal_parts  # noqa: PLC0415 - after setup

    parts = portal_parts("127.0.0.1", port, web=workers, tasks=1)
    (part,) = [part for part in parts if part.name == name]
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - our own command
            list(part.command),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - no thread runs yet
        )


def make_people(port: int, writing: int, reading: int) -> dict[str, list[Person]]:
    """Build the portal and its people; all that they need is in the database afterwards."""
    from benchmarks import data  # noqa: PLC0415 - models load after setup
    from benchmarks.sizes import SIZES  # noqa: PLC0415

    data.build()
    # Not every city may apply to every call.
    data.fill(replace(SIZES[0], applications=2 * writing))
    from benchmarks.load_people import readers, writers, yardsticks  # noqa: PLC0415

    found = {
        "writers": writers(writing),
        "one query": yardsticks(YARDSTICKS),
        "readers": readers(reading),
    }
    people = {
        name: [Person(port, cookie, ask) for cookie, ask in asking]
        for name, asking in found.items()
    }
    from django.db import connections  # noqa: PLC0415

    connections.close_all()
    return people


def run(people: dict[str, list[Person]], web: int, seconds: float) -> dict[str, Waits]:
    """Let everybody in, evenly over the first five seconds; print and return the figures."""
    waits = {name: Waits() for name, group in people.items() if group}
    everybody = [
        (name, person, number / len(group))
        for name, group in people.items()
        for number, person in enumerate(group)
    ]
    start = time.monotonic() + 1
    cpu = processor_seconds(web)
    threads = [
        threading.Thread(
            target=person.live,
            args=(start + EVERY_SECONDS * turn, start + seconds, waits[name]),
        )
        for name, person, turn in everybody
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
    return waits


def texts_lost(writers: list[Person]) -> int:
    """Return how many people's last text that the portal took is not what stands there."""
    from benchmarks.load_people import is_stored  # noqa: PLC0415 - models load after setup

    return sum(person.taken is not None and not is_stored(person.taken) for person in writers)


def verdict(waits: dict[str, Waits], *, lost: int) -> int:
    """Print what the run is held against; return 1 when it does not hold."""
    savers, yardstick = waits["writers"], waits["one query"]
    times = savers.p95 / yardstick.p95 if yardstick.p95 else 0.0
    asked = sum(len(each.seconds) for each in waits.values())
    failed = sum(len(each.failures) for each in waits.values()) / asked
    print(f"savers   {times:.2f} times the p95 of a page of one query (at most {MOST_TIMES:.0f})")
    print(f"failed   {failed:.2%} of all requests (at most {MOST_FAILED:.1%})")
    print(f"lost     {lost} of the texts that were last saved (none)")
    return int(times > MOST_TIMES or failed > MOST_FAILED or lost > 0)


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
