"""One clock: nothing but core.kit.days asks for the time, so that a test can hold it still."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FOLDERS = (
    *("core", "accounts", "programme", "questionnaires", "applications", "pairings"),
    *("action_plans", "showcase", "reminders", "iuc_portal"),
)
# A model's default names the clock, it does not ask it.
ASKS = re.compile(
    r"timezone\.now\(\)|\blocaldate\((?:timezone=|\))|\bdatetime\.now\(|\bdate\.today\(|\butcnow\("
)


def test_nothing_else_asks_for_the_time():
    asking = [
        path.relative_to(ROOT).as_posix()
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        if ASKS.search(path.read_text())
    ]

    assert set(asking) - {"core/kit/days.py"} == set()
