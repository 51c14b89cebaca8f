"""What `make` installs when, with an installer that only says what it is asked for."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
RUN, DEVELOP = "requirements.txt", "requirements-dev.txt"


@pytest.fixture
def house(tmp_path):
    """A folder with the Makefile, an environment and an installer that do nothing."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name, does in ((".venv/bin/python", "exit 0"), ("bin/uv", 'echo "$@"')):
        program = tmp_path / name
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\n{does}\n")
        program.chmod(0o755)
    for name in (RUN, DEVELOP):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1, 1))
    return tmp_path


def installed(house, stamp):
    """Bring a stamp up to date; return the last words of each installation."""
    path = {"PATH": f"{house / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    # What a `make` above this one hands down is not meant for it.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "--silent", f".venv/{stamp}.stamp"]
    done = subprocess.run(
        command, cwd=house, env=clean | path, capture_output=True, text=True, check=True
    )
    return [line.split()[-1] for line in done.stdout.splitlines() if "sync" in line]


def change(house, name):
    """Make a lock file newer than what was installed from it."""
    for stamp in (house / ".venv").glob("*.stamp"):
        os.utime(stamp, (2, 2))
    os.utime(house / name, (3, 3))


def test_run_installs_what_it_needs_once_and_again_after_a_change(house):
    assert [installed(house, "run"), installed(house, "run")] == [[RUN], []]

    change(house, RUN)

    assert installed(house, "run") == [RUN]


def test_run_takes_nothing_from_an_environment_for_development(house):
    assert [installed(house, "dev"), installed(house, "run")] == [[DEVELOP], []]

    change(house, RUN)

    assert [installed(house, "run"), installed(house, "dev")] == [[DEVELOP], []]
