"""The supervisor, with small real processes."""

import contextlib
import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from iuc_portal import supervisor
from iuc_portal.supervisor import Part, Supervisor, describe_exit
from tests.infra.waiting import wait_until


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


def counting(path, last):
    """Return code of a part that notes each start and waits from the given one on."""
    return (
        f"import pathlib, sys, time; p = pathlib.Path({str(path)!r})\n"
        "starts = len(p.read_text()) + 1 if p.exists() else 1\n"
        "p.write_text('x' * starts)\n"
        f"time.sleep(60) if starts >= {last} else sys.exit(3)"
    )


def stop_when(condition):
    """Ask this process to stop once the condition holds, or after a while."""

    def wait():
        with contextlib.suppress(AssertionError):
            wait_until(condition, seconds=20)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait).start()


def test_part_that_falls_starts_again_and_the_others_go_on(tmp_path):
    starts = tmp_path / "starts"
    web = counting(tmp_path / "web", 1)
    stop_when(lambda: starts.exists() and starts.read_text() == "xxx")

    code, lines = run(script("web", web), script("beat", counting(starts, 3)), pauses=[0.1, 0.2])

    assert code == 0
    assert (tmp_path / "web").read_text() == "x"
    assert starts.read_text() == "xxx"
    assert [line for line in lines if "beat" in line] == [
        "The part 'beat' stopped with exit code 3. It starts again in 0.1 s.",
        "The part 'beat' stopped with exit code 3. It starts again in 0.2 s.",
    ]


def test_web_that_falls_later_starts_again_too(tmp_path):
    starts, ready = tmp_path / "starts", tmp_path / "ready"
    code = (
        f"import os, pathlib, time; p = pathlib.Path({str(ready)!r})\n"
        "while not p.exists(): time.sleep(0.05)\n" + counting(starts, 2)
    )
    web = Part("web", [sys.executable, "-c", code], essential=True)
    stop_when(lambda: starts.exists() and starts.read_text() == "xx")

    code, _ = run(web, announce=lambda: ready.write_text("yes"), pauses=[0.1])

    assert (code, starts.read_text()) == (0, "xx")


def test_pauses_grow_no_further_than_the_last(tmp_path):
    starts = tmp_path / "starts"
    stop_when(lambda: starts.exists() and len(starts.read_text()) == 4)

    _, lines = run(script("beat", counting(starts, 4)), pauses=[0.1, 0.2])

    assert [line.rpartition(" in ")[2] for line in lines if "again" in line] == [
        "0.1 s.",
        "0.2 s.",
        "0.2 s.",
    ]


def test_pauses_begin_anew_after_a_time_of_health(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "HEALTHY_SECONDS", 0)
    starts = tmp_path / "starts"
    stop_when(lambda: starts.exists() and len(starts.read_text()) == 3)

    _, lines = run(script("beat", counting(starts, 3)), pauses=[0.1, 9])

    assert [line for line in lines if "in 9 s" in line] == []


def test_states_are_told_at_every_change(tmp_path):
    starts, told = tmp_path / "starts", []
    stop_when(lambda: len(told) == 3)

    run(
        script("web", WAITING),
        script("beat", counting(starts, 2)),
        pauses=[0.1],
        report=told.append,
    )

    assert [[(each.name, each.runs, each.falls) for each in states] for states in told] == [
        [("web", True, 0), ("beat", True, 0)],
        [("web", True, 0), ("beat", False, 1)],
        [("web", True, 0), ("beat", True, 1)],
    ]
    assert told[2][1].since > told[0][1].since


def test_children_of_a_part_that_is_killed_end_with_it(tmp_path):
    starts = tmp_path / "starts"
    code = (
        "import os, subprocess, sys\n"
        f"subprocess.Popen([sys.executable, '-c', {WAITING + '  # witness-of-death'!r}])\n"
        + counting(starts, 2)
    )
    left = []

    def announce_end():
        left.append(alive("witness-of-" + "death"))

    stop_when(lambda: starts.exists() and starts.read_text() == "xx")
    run(script("worker", code), pauses=[0.1])
    announce_end()

    assert left == [False]


def test_essential_part_that_cannot_start_stops_all_and_says_why():
    web = Part(
        "web",
        [sys.executable, "-c", "import sys; print('no such module'); sys.exit(3)"],
        essential=True,
    )

    code, lines = run(
        script("beat", WAITING + "  # witness-of-failure"), web, is_ready=lambda: False
    )

    assert code == 1
    text = "\n".join(lines)
    assert "The part 'web' stopped with exit code 3 before the portal was ready" in text
    assert lines[-1] == "    no such module"
    assert not alive("witness-of-" + "failure")


def test_part_that_serves_others_is_stopped_after_them(tmp_path):
    order = tmp_path / "order"
    code = (
        "import pathlib, signal, sys, time\n"
        "def end(*_):\n    time.sleep({pause})\n"
        f"    open({str(order)!r}, 'a').write('{{name}} ')\n    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\nprint('started', flush=True)\ntime.sleep(60)"
    )
    broker = Part(
        "broker",
        [sys.executable, "-c", code.format(pause=0, name="broker")],
        serves_others=True,
    )
    lines = []
    stop_when(lambda: len([line for line in lines if "started" in line]) == 2)

    Supervisor(
        [broker, script("worker", code.format(pause=1, name="worker"))], write=lines.append
    ).run()

    assert order.read_text() == "worker broker "


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

    run(Part("web", [sys.executable, "-c", "pass"], essential=True), is_ready=lambda: False)

    assert signal.getsignal(signal.SIGTERM) is before


def test_describe_exit():
    assert describe_exit(2) == "stopped with exit code 2"
    assert describe_exit(-15) == "was ended by SIGTERM"
