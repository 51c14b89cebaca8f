"""Hurt a whole portal for a while and see whether its web goes on: `python -m tests.infra.soak`.

Rubbish goes into the broker, and worker, beat and broker are killed in turn. Prints how long
`/health/ready` took to say yes again each time; exits with 1 when the web once gave no answer, or
when it took more than a minute.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Self

from tests.infra.portal import RunningPortal, running_portal
from tests.infra.waiting import wait_until

LONGEST_SECONDS = 60
PATIENCE_SECONDS = 300


class Watch:
    """Asks the web every second whether it lives."""

    def __init__(self, portal: RunningPortal) -> None:
        self.asked = self.unanswered = 0
        self.slowest = 0.0
        self._portal = portal
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._over.wait(1):
            started = time.monotonic()
            self.asked += 1
            self.unanswered += not self._portal.is_live()
            self.slowest = max(self.slowest, time.monotonic() - started)


def harms(portal: RunningPortal) -> dict[str, Callable[[], None]]:
    """Return what is done to the portal in turn."""
    return {
        "rubbish": portal.throw_rubbish,
        "worker killed": lambda: portal.kill("worker"),
        "rubbish, beat killed": lambda: (portal.throw_rubbish(), portal.kill("beat")),
        "broker killed": lambda: portal.kill("broker"),
        "no queue": portal.misplace_queue,
        "rubbish, worker killed": lambda: (portal.throw_rubbish(), portal.kill("worker")),
    }


def main() -> int:
    """Run for as many minutes as asked."""
    parser = argparse.ArgumentParser(description="Hurt a portal and watch it.")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--pause", type=float, default=20, help="Seconds of rest between harms.")
    minutes, pause = vars(parser.parse_args()).values()
    worst: dict[str, list[float]] = {}
    with (
        tempfile.TemporaryDirectory(prefix="iuc-soak-") as folder,
        running_portal(Path(folder)) as portal,
        Watch(portal) as watch,
    ):
        until = time.monotonic() + minutes * 60
        for name, harm in cycle(harms(portal).items()):
            if time.monotonic() > until or portal.process.poll() is not None:
                break
            harm()
            # The portal needs a moment to notice.
            started = time.monotonic()
            time.sleep(1)
            wait_until(portal.is_ready, seconds=PATIENCE_SECONDS)
            worst.setdefault(name, []).append(time.monotonic() - started)
            print(f"{name:<24} ready after {worst[name][-1]:5.1f} s", flush=True)
            time.sleep(pause)
        stopped = portal.process.poll() is not None
    for name, seconds in worst.items():
        print(f"{name:<24} {len(seconds):>3} times, at most {max(seconds):5.1f} s")
    print(
        f"web: asked {watch.asked} times, {watch.unanswered} unanswered, "
        f"slowest answer {watch.slowest:.2f} s" + (", then it stopped" if stopped else "")
    )
    slow = any(max(seconds) > LONGEST_SECONDS for seconds in worst.values())
    return 1 if stopped or watch.unanswered or slow else 0


if __name__ == "__main__":
    sys.exit(main())
