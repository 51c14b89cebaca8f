"""A pytest plugin that writes down the counts of a run for `tests.infra.run`."""

import json
import os
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

REPORT_VARIABLE = "TEST_REPORT_FILE"
SLOWEST = 25


@dataclass
class Counts:
    """How a run ended."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    journeys: int = 0
    broker: int = 0
    postgres: int = 0
    broken: bool = False

    def describe(self) -> str:
        """Say it in words."""
        text = f"{self.passed} passed, {self.failed} failed"
        return text + (f", {self.skipped} skipped" if self.skipped else "")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Count after the last test; an error in a fixture is a failure."""
    path = os.environ.get(REPORT_VARIABLE)
    if not path:
        return
    stats = terminalreporter.stats
    write_slowest(terminalreporter)
    passed = [report for report in stats.get("passed", []) if report.when == "call"]
    counts = Counts(
        passed=len(passed) + len(stats.get("xpassed", [])),
        failed=len(stats.get("failed", [])) + len(stats.get("error", [])),
        skipped=len(stats.get("skipped", [])) + len(stats.get("xfailed", [])),
        journeys=sum("journey" in report.keywords for report in passed),
        broker=sum("broker" in report.keywords for report in passed),
        postgres=sum("postgres" in report.keywords for report in passed),
    )
    Path(path).write_text(json.dumps(asdict(counts)))


def write_slowest(terminalreporter: Any) -> None:
    """Say which files took longest, set-up included: where a slow suite is to be made quick."""
    seconds: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if hasattr(report, "duration"):
                seconds[report.nodeid.partition("::")[0]] += report.duration
    terminalreporter.write_line(f"\n{sum(seconds.values()):.0f} s of tests; the slowest files:")
    for name, taken in seconds.most_common(SLOWEST):
        terminalreporter.write_line(f"{taken:7.1f} s  {name}")
