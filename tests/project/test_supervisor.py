"""The supervisor, with small real processes."""

import contextlib
import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from iuc_portal.supervisor import Part, Supervisor, describe_exit


def script(name, code):
    return Part(name, [sys.executable, "-c", code])


WAITING = "import time\nprint('started')\ntime.sleep(60)"


def run(*parts, **options):
    lines = []
    supervisor = Supervisor(parts, write=lines.append, **options)
    return supervisor.run(), lines


def alive(text):
    """Return whether a process whose command line holds that text still runs."""
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if text.encode() in command.read_bytes():
                return True
    return False


def test_part_that_dies_stops_all_and_says_why():
    code, lines = run(
        script("web", WAITING + "  # witness-of-death"),
        script("beat", "import sys; print('the schedule is broken'); sys.exit(3)"),
    )

    assert code == 1
    text = "\n".join(lines)
    assert "The part 'beat' stopped with exit code 3, so the other parts were stopped" in text
    assert lines[-1] == "    the schedule is broken"
    assert not alive("witness-of-" + "death")


def test_part_that_ends_without_error_stops_all_too():
    code, lines = run(script("worker", "pass"), script("web", WAITING))

    assert code == 1
    assert "The part 'worker' stopped with exit code 0" in "\n".join(lines)


def test_part_that_is_killed_is_named_with_its_signal():
    code, lines = run(script("web", "import os; os.kill(os.getpid(), 9)"))

    assert code == 1
    assert "was ended by SIGKILL" in "\n".join(lines)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_stops_all_cleanly(number):
    threading.Timer(1, os.kill, (os.getpid(), number)).start()

    code, lines = run(script("web", WAITING), script("worker", WAITING))

    assert code == 0
    assert lines[-2:] == [
        "Stopping … (a task that runs is finished first)",
        "All parts have stopped.",
    ]


def test_part_that_ignores_the_signal_is_killed_after_a_while():
    threading.Timer(1, os.kill, (os.getpid(), signal.SIGTERM)).start()
    started = time.monotonic()

    code, _ = run(
        script("web", "import signal; signal.signal(15, signal.SIG_IGN)\n" + WAITING),
        grace_seconds=1,
    )

    assert code == 0
    assert time.monotonic() - started < 10


def test_announcement_comes_once_when_ready():
    answers = iter([False, False, True])
    said = []
    threading.Timer(1.5, os.kill, (os.getpid(), signal.SIGTERM)).start()

    run(
        script("web", WAITING),
        is_ready=lambda: next(answers),
        announce=lambda: said.append("ready"),
    )

    assert said == ["ready"]


def test_handlers_are_as_before_afterwards():
    before = signal.getsignal(signal.SIGTERM)

    run(script("web", "pass"))

    assert signal.getsignal(signal.SIGTERM) is before


def test_describe_exit():
    assert describe_exit(2) == "stopped with exit code 2"
    assert describe_exit(-15) == "was ended by SIGTERM"
