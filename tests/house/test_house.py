"""A new app is one folder: menu entry, duty, words of the trail and what it holds come with it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

INSIDE = Path("tests/house/inside.py")
# What the outer run decides for itself alone.
NOT_HANDED_ON = ("DATABASE_URL", "REDIS_URL", "VAR_DIR", "COV", "PYTEST", "BROWSER_PATH")


@pytest.mark.once
@pytest.mark.timeout(600)
def test_app_of_one_folder_brings_everything_with_it():
    environment = {k: v for k, v in os.environ.items() if not k.startswith(NOT_HANDED_ON)}
    command = [sys.executable, "-m", "pytest", str(INSIDE), "--ds=tests.house.settings", "-q"]
    command += ["-p", "no:cacheprovider", "-p", "no:xdist"]
    ran = subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "7 passed" in ran.stdout


def test_nothing_else_of_the_house_knows_of_it():
    """The two lines of settings and addresses are all that a new app asks of the others."""
    folders = ("core", "accounts", "programme", "questionnaires", "applications", "pairings")
    folders += ("action_plans", "showcase", "reminders", "iuc_portal", "templates")
    files = [file for folder in folders for file in (settings.BASE_DIR / folder).rglob("*.*")]
    known = [
        file
        for file in files
        if file.suffix in {".py", ".html"} and "tests.house" in file.read_text("utf-8")
    ]
    assert known == []
