"""How much of the code the suite runs, branches counted, and the floors below which it fails.

Traced on both databases; what only a browser shows is not counted.
"""

import json
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
# Each pass leaves a file of this name and its own.
TRACES = "coverage"


@dataclass
class Share:
    """Lines and branches that were run, of those there are."""

    run: int = 0
    all: int = 0

    def add(self, summary: dict[str, Any]) -> None:
        """Count one file in."""
        self.run += summary["covered_lines"] + summary["covered_branches"]
        self.all += summary["num_statements"] + summary["num_branches"]

    @property
    def percent(self) -> float:
        """The share in per cent; all of nothing is 100."""
        return 100 * self.run / self.all if self.all else 100.0


def holds_rules_or_services(name: str) -> bool:
    """Tell whether a file stands in the layers whose every branch decides something."""
    path = PurePosixPath(name)
    return path.stem in {"rules", "services"} or "services" in path.parts


def floors() -> dict[str, float]:
    """Return the floors of pyproject.toml, in per cent: "all" and "rules_and_services"."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    found: dict[str, float] = settings["tool"]["portal"]["coverage"]
    return found


def measured(folder: Path) -> Path:
    """Put together what the passes have traced; return the report, which may be missing."""
    report = folder / "coverage-report.json"
    together = f"--data-file={folder / 'all-coverage'}"
    traces = [str(path) for path in sorted(folder.glob(f"{TRACES}.*"))]
    for command in (
        ["combine", together, "--keep", "--quiet", *traces],
        ["json", together, "--quiet", "-o", str(report)],
    ):
        subprocess.run([sys.executable, "-m", "coverage", *command], cwd=ROOT, check=False)
    return report


def problems_of(report: Path) -> tuple[str, list[str]]:
    """Return one line that says what was reached, and a sentence for each floor that was missed."""
    if not report.exists():
        return "Coverage: no report", ["No coverage was measured."]
    files = json.loads(report.read_text())["files"]
    everything, decisive = Share(), Share()
    for name, facts in files.items():
        everything.add(facts["summary"])
        if holds_rules_or_services(name):
            decisive.add(facts["summary"])
    limits = floors()
    reached = {"all": everything.percent, "rules_and_services": decisive.percent}
    line = (
        f"Coverage with branches: {everything.percent:.1f} % of all code, "
        f"{decisive.percent:.1f} % of rules and services"
    )
    return line, [
        f"Coverage of {name.replace('_', ' ')} is {reached[name]:.1f} %, the floor is {floor} %."
        for name, floor in limits.items()
        if reached[name] < floor
    ]
