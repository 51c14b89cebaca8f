"""`make check`: all checks of the code, two at a time; the last lines say which failed.

`make quick` runs those that take seconds.
"""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

PYTHON = sys.executable
ROOT = Path(__file__).resolve().parent.parent.parent
# What a real installation would set: the deployment check must find nothing to say.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "iuc_portal.settings.base",
    "DEMO": "0",
    "DEBUG": "0",
    "SECRET_KEY": "n0t-a-secret-but-as-long-and-as-mixed-as-a-real-one-should-be-4711",
    "ALLOWED_HOSTS": "portal.example.org",
    "BASE_URL": "https://portal.example.org",
}
DEVELOPMENT = {"DJANGO_SETTINGS_MODULE": "iuc_portal.settings.test"}


@dataclass(frozen=True)
class Check:
    """One command that must end with 0."""

    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)
    # Seconds at most: runs at each commit too (`make quick`).
    quick: bool = False


def module(name: str, *arguments: str) -> list[str]:
    """Return the command that runs a module; scripts in .venv/bin break when a clone moves."""
    return [PYTHON, "-m", name, *arguments]


CHECKS = [
    # The slowest first.
    Check("mypy", module("mypy")),
    Check("djlint", module("djlint", "templates", "--lint", "--quiet")),
    Check("ruff", module("ruff", "check", "--output-format", "concise", "."), quick=True),
    Check(
        "ruff format",
        module("ruff", "format", "--check", "--output-format", "concise", "."),
        quick=True,
    ),
    Check(
        "import-linter",
        [PYTHON, "-c", "from importlinter.cli import lint_imports_command as run; run()"],
        quick=True,
    ),
    Check(
        "migrations",
        [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
        DEVELOPMENT,
    ),
    Check(
        "deployment",
        [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        PRODUCTION,
    ),
    Check("vendored files", [PYTHON, "tools/vendor.py", "--check"], quick=True),
    Check("look", module("tools.look"), quick=True),
]


def run(check: Check) -> tuple[Check, int, str, float]:
    """Run one check and return its exit code, output and duration."""
    started = time.monotonic()
    result = subprocess.run(
        check.command,
        env={**os.environ, **check.env},
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return check, result.returncode, result.stdout, time.monotonic() - started


def main(*, quick: bool) -> int:
    """Run all or the quick ones, show the output of those that fail, sum up."""
    chosen = [check for check in CHECKS if check.quick or not quick]
    with (
        tempfile.TemporaryDirectory(prefix="iuc-check-") as folder,
        ThreadPoolExecutor(max_workers=2) as pool,
    ):
        os.environ["VAR_DIR"] = folder
        results = list(pool.map(run, chosen))
    for check, code, output, _ in results:
        if code:
            print(f"=== {check.name} ===\n{output.rstrip()}\n")
    for check, code, _, seconds in results:
        print(f"{'FAILED' if code else 'ok':<7}{check.name} ({seconds:.1f} s)")
    failed = [check.name for check, code, _, _ in results if code]
    if failed:
        print(f"\n{len(results) - len(failed)} checks passed, {len(failed)} failed: ", end="")
        print(", ".join(failed))
        return 1
    print(f"\nAll {len(results)} checks passed.")
    return 0


if __name__ == "__main__":
    sys.exit(main(quick="--quick" in sys.argv[1:]))
