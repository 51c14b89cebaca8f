"""What was measured: on the terminal, as JSON, and in docs/benchmarks.md."""

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.harness import Figures, Result

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "benchmarks.md"
# What the same cases needed before they were mended.
BEFORE = Path(__file__).parent / "before.json"
NAMES = tuple(asdict(Figures()))
DIGITS = {"loops": 2, "cold": 2}


def print_heading() -> None:
    """Print what the columns mean."""
    print("loops: CPU time in empty loops of 10 million rounds, timed beside each case; cold: with")
    print("an empty cache, after a public change. sql: ms in the database. kb: what was sent.")
    print("mb: memory beside the rest.")
    print("After a slash stands the limit; ! marks what passes it.\n")
    columns = "".join(f"{name:>16}" for name in NAMES)
    print(f"{'case':<42}{'size':>7}{columns}", flush=True)


def print_row(result: Result) -> None:
    """Print one line of the table."""
    figures, most = asdict(result.figures), asdict(result.case.limits(result.size))
    columns = "".join(
        f"{cell(name, figures[name], most[name], is_passed=name in result.passed):>16}"
        for name in NAMES
    )
    print(f"{result.case.name:<42}{result.size.name:>7}{columns}", flush=True)


def cell(name: str, value: float | None, limit: float | None, *, is_passed: bool) -> str:
    """Return a figure beside its limit."""
    if value is None:
        return "-"
    shown = number(name, value)
    if limit is not None:
        shown += f" / {number(name, limit)}"
    return f"{shown} !" if is_passed else shown


def number(name: str, value: float) -> str:
    """Return a figure with the digits that mean something."""
    return f"{value:,.{DIGITS.get(name, 0)}f}"


def keep(results: Iterable[Result], path: Path) -> None:
    """Write the figures for a later comparison."""
    found = {
        f"{result.case.name}/{result.size.name}": {
            name: round(value, 3)
            for name, value in asdict(result.figures).items()
            if value is not None
        }
        for result in results
    }
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def write(results: Sequence[Result]) -> None:
    """Write the table of the documentation, beside what was measured before."""
    before = json.loads(BEFORE.read_text(encoding="utf-8"))
    rows = "\n".join(row(result, before) for result in results)
    cores, python = os.cpu_count(), platform.python_version()
    TARGET.write_text(PAGE.format(rows=rows, cores=cores, python=python), encoding="utf-8")


def row(result: Result, before: dict[str, dict[str, float]]) -> str:
    """Return a row: what it needed before, needs now, and may need."""
    earlier = before.get(f"{result.case.name}/{result.size.name}", {})
    most = asdict(result.case.limits(result.size))
    cells = []
    for name, value in asdict(result.figures).items():
        shown = " → ".join(
            number(name, each) for each in (earlier.get(name), value) if each is not None
        )
        limit = most[name]
        cells.append(shown if limit is None or not shown else f"{shown} (≤ {number(name, limit)})")
    return f"| {result.case.name} | {result.size.name} | {' | '.join(cells)} |"


PAGE = """# Benchmarks

Written by `make bench ARGS=--write`. Each case is one request, or one run of a task, measured in
one process on PostgreSQL with a cache server. `make bench` fails when a limit is passed.

Each figure reads **before → now (≤ limit)**. *Before* is the portal as it was when these cases
were first measured.

- **queries**: statements sent, savepoints, session and person included.
- **loops**: CPU time of the process, as a multiple of an empty loop of 10 million rounds timed
  beside the case, so that machines and moments can be compared. **cold**: the same with an empty
  cache, when something that the public reads has just changed.
- **sql**: milliseconds in the database.
- **kb**: what was sent, before compression. **mb**: memory needed beside what was held before.

| size | applications | pairings | mails | measures of the plan | dates that are owed |
|---|---|---|---|---|---|
| small | 100 | 55 | 1,000 | 30 | 1,000 |
| medium | 10,000 | 555 | 50,000 | 300 | 90,000 |
| large | 100,000 | 5,055 | 500,000 | 300 | 1,000,000 |

| case | size | queries | loops | cold | sql | kb | mb |
|---|---|---|---|---|---|---|---|
{rows}

A figure beyond its limit is still to be brought down. A case that waited a minute for one statement
was given up at 60,000 ms.

The machine: {cores} cores, Python {python}; other work went on beside.
"""
