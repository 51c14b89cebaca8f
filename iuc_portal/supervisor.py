"""Run several programmes as one: they start together, and when one stops, all stop."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

PR_SET_PDEATHSIG = 1
LAST_LINES = 20
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Part:
    """One programme to keep running."""

    name: str
    command: Sequence[str]
    env: dict[str, str] = field(default_factory=dict)


@dataclass
class _Running:
    part: Part
    process: "subprocess.Popen[str]"
    reader: threading.Thread
    last_lines: deque[str]


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
    """Start parts, pass on their output, and stop all of them when one stops.

    `is_ready` is asked until it answers True, then `announce` is called once.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        *,
        write: Callable[[str], None] = print,
        grace_seconds: float = 10,
        is_ready: Callable[[], bool] = lambda: True,
        announce: Callable[[], None] = lambda: None,
    ) -> None:
        self.parts = parts
        self.grace_seconds = grace_seconds
        self.is_ready = is_ready
        self.announce = announce
        self._write = write
        self._running: list[_Running] = []
        self._stop_asked = threading.Event()
        self._hurry = False

    def run(self) -> int:
        """Run until a signal asks to stop (returns 0) or a part stops by itself (returns 1)."""
        before = {
            number: signal.signal(number, self._ask_to_stop)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
            # `nohup` asks to outlive the terminal: leave its choice alone.
            if (number, signal.getsignal(number)) != (signal.SIGHUP, signal.SIG_IGN)
        }
        try:
            for part in self.parts:
                self._running.append(self._start(part))
            fallen = self._watch()
            self._stop_all()
        finally:
            self._kill_all()
            for number, handler in before.items():
                signal.signal(number, handler)
        if fallen is None:
            self.write("All parts have stopped.")
            return 0
        self._report(fallen)
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
            preexec_fn=die_with_parent,  # noqa: PLW1509 - no thread of ours holds a lock here
        )
        last_lines: deque[str] = deque(maxlen=LAST_LINES)

        def pass_on() -> None:
            for raw in process.stdout or ():
                line = raw.rstrip("\n")
                last_lines.append(line)
                self.write(f"{part.name:>6} | {line}")

        reader = threading.Thread(target=pass_on, daemon=True)
        reader.start()
        return _Running(part, process, reader, last_lines)

    def _watch(self) -> _Running | None:
        """Wait for a signal (None) or for the first part that stops."""
        ready = False
        while not self._stop_asked.wait(0.1):
            for running in self._running:
                if running.process.poll() is not None:
                    return running
            if not ready and self.is_ready():
                ready = True
                self.announce()
        return None

    def _stop_all(self) -> None:
        self.write("Stopping … (a task that runs is finished first)")
        for running in self._running:
            if running.process.poll() is None:
                running.process.terminate()
        waited = 0.0
        while waited < self.grace_seconds and not self._hurry:
            if all(running.process.poll() is not None for running in self._running):
                return
            threading.Event().wait(0.1)
            waited += 0.1

    def _kill_all(self) -> None:
        """End what is left, children of the parts included."""
        for running in self._running:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(running.process.pid, signal.SIGKILL)
            running.process.wait()
            running.reader.join(timeout=1)
            if running.process.stdout and not running.reader.is_alive():
                running.process.stdout.close()

    def _report(self, fallen: _Running) -> None:
        self.write("")
        self.write(
            f"The part '{fallen.part.name}' {describe_exit(fallen.process.returncode)}, "
            "so the other parts were stopped too."
        )
        if fallen.last_lines:
            self.write("Its last lines were:")
            for line in fallen.last_lines:
                self.write(f"    {line}")
