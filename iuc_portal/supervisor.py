"""Run several programmes as one: they start and stop together, and one that falls rises again."""

import contextlib
import ctypes
import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from core.kit import days

PR_SET_PDEATHSIG = 1
LAST_LINES = 20
# Seconds before a part that fell starts again; each fall in a row waits longer.
PAUSES = (1, 2, 4, 8, 15, 30)
# A part that ran for so many seconds was well: its falls are forgotten.
HEALTHY_SECONDS = 60
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Part:
    """One programme to keep running.

    Without an `essential` part there is nothing to keep up: when it falls before all was ready
    for the first time, everything stops. A part that `serves_others` is stopped after them.
    """

    name: str
    command: Sequence[str]
    env: dict[str, str] = field(default_factory=dict)
    essential: bool = False
    serves_others: bool = False


@dataclass(frozen=True)
class PartState:
    """What a watcher may know of a part: whether it runs, since when, how often it fell."""

    name: str
    runs: bool
    since: dt.datetime
    falls: int


@dataclass
class _Running:
    """A part with its process of the moment; `rises_at` is set while it waits for the next."""

    part: Part
    process: "subprocess.Popen[str]"
    reader: threading.Thread
    last_lines: deque[str]
    since: dt.datetime
    started: float
    rises_at: float | None = None
    falls: int = 0
    falls_in_a_row: int = 0


def die_with_parent() -> None:
    """Ask Linux to end this process when its parent is killed; elsewhere do nothing.

    Meant as `preexec_fn`: a supervisor ended with `kill -9` leaves no orphans on its port.
    """
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def describe_exit(code: int) -> str:
    """Say in words how a process ended."""
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"stopped with exit code {code}"


class Supervisor:
    """Start parts, pass on their output, start again what falls, and stop all when asked.

    `is_ready` is asked until it answers True, then `announce` is called once. `report` is told
    the states of the parts whenever one of them changes.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        *,
        write: Callable[[str], None] = print,
        grace_seconds: float = 10,
        pauses: Sequence[float] = PAUSES,
        is_ready: Callable[[], bool] = lambda: True,
        announce: Callable[[], None] = lambda: None,
        report: Callable[[Sequence[PartState]], None] = lambda _states: None,
    ) -> None:
        self.parts = parts
        self.grace_seconds = grace_seconds
        self.pauses = pauses
        self.is_ready = is_ready
        self.announce = announce
        self.report = report
        self._write = write
        self._running: list[_Running] = []
        self._stop_asked = threading.Event()
        self._hurry = False

    def run(self) -> int:
        """Run until a signal asks to stop (returns 0), or an essential part cannot start (1)."""
        before = {
            number: signal.signal(number, self._ask_to_stop)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
            # `nohup` asks to outlive the terminal: leave its choice alone.
            if (number, signal.getsignal(number)) != (signal.SIGHUP, signal.SIG_IGN)
        }
        try:
            for part in self.parts:
                self._running.append(self._start(part))
            self._tell()
            fallen = self._watch()
            self._stop_all()
        finally:
            for running in self._running:
                _end(running)
            for number, handler in before.items():
                signal.signal(number, handler)
        if fallen is None:
            self.write("All parts have stopped.")
            return 0
        self._explain(fallen)
        return 1

    def write(self, line: str) -> None:
        """Print a line; a reader who has gone away is a reason to stop, not to crash."""
        try:
            self._write(line)
        except (BrokenPipeError, ValueError):
            self._stop_asked.set()

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._hurry = self._stop_asked.is_set()
        self._stop_asked.set()

    def _start(self, part: Part) -> _Running:
        # An own session each: Ctrl-C reaches the supervisor alone, which stops the parts in order.
        process = subprocess.Popen(  # noqa: S603 - our own commands
            list(part.command),
            env={**os.environ, "PYTHONUNBUFFERED": "1", **part.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - it calls one function of the system
        )
        last_lines: deque[str] = deque(maxlen=LAST_LINES)

        def pass_on() -> None:
            for raw in process.stdout or ():
                line = raw.rstrip("\n")
                last_lines.append(line)
                self.write(f"{part.name:>6} | {line}")

        reader = threading.Thread(target=pass_on, daemon=True)
        reader.start()
        return _Running(part, process, reader, last_lines, days.now(), time.monotonic())

    def _watch(self) -> _Running | None:
        """Keep the parts running until a signal (None) or until an essential one cannot start."""
        ready = False
        while not self._stop_asked.wait(0.1):
            for running in self._running:
                if running.rises_at is not None:
                    if time.monotonic() >= running.rises_at:
                        self._raise_again(running)
                elif running.process.poll() is not None:
                    if running.part.essential and not ready:
                        return running
                    self._let_rest(running)
            if not ready and self.is_ready():
                ready = True
                self.announce()
        return None

    def _let_rest(self, fallen: _Running) -> None:
        """Clear away what is left of a part, and say when it starts again."""
        _end(fallen)
        now = time.monotonic()
        if now - fallen.started >= HEALTHY_SECONDS:
            fallen.falls_in_a_row = 0
        pause = self.pauses[min(fallen.falls_in_a_row, len(self.pauses) - 1)]
        fallen.falls += 1
        fallen.falls_in_a_row += 1
        fallen.rises_at = now + pause
        fallen.since = days.now()
        self.write(
            f"The part '{fallen.part.name}' {describe_exit(fallen.process.returncode)}. "
            f"It starts again in {pause:g} s."
        )
        self._tell()

    def _raise_again(self, fallen: _Running) -> None:
        try:
            risen = self._start(fallen.part)
        except OSError as error:
            # The machine has no room for a process at the moment.
            self.write(f"The part '{fallen.part.name}' cannot start ({error.strerror}).")
            fallen.rises_at = time.monotonic() + self.pauses[-1]
            return
        risen.falls, risen.falls_in_a_row = fallen.falls, fallen.falls_in_a_row
        self._running[self._running.index(fallen)] = risen
        self._tell()

    def _tell(self) -> None:
        self.report(
            [
                PartState(
                    name=running.part.name,
                    runs=running.rises_at is None,
                    since=running.since,
                    falls=running.falls,
                )
                for running in self._running
            ]
        )

    def _stop_all(self) -> None:
        self.write("Stopping … (a task that runs is finished first)")
        for serving in (False, True):
            group = [each.process for each in self._running if each.part.serves_others is serving]
            for process in group:
                if process.poll() is None:
                    process.terminate()
            waited = 0.0
            while waited < self.grace_seconds and not self._hurry:
                if all(process.poll() is not None for process in group):
                    break
                time.sleep(0.1)
                waited += 0.1

    def _explain(self, fallen: _Running) -> None:
        self.write("")
        self.write(
            f"The part '{fallen.part.name}' {describe_exit(fallen.process.returncode)} before the "
            "portal was ready, so the other parts were stopped too."
        )
        if fallen.last_lines:
            self.write("Its last lines were:")
            for line in fallen.last_lines:
                self.write(f"    {line}")


def _end(running: _Running) -> None:
    """End what is left of a part, children included."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(running.process.pid, signal.SIGKILL)
    running.process.wait()
    running.reader.join(timeout=1)
    if running.process.stdout and not running.reader.is_alive():
        running.process.stdout.close()
