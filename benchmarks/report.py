"""What was measured: on the terminal, as JSON, and in docs/benchmarks.md."""

import json
import os
import platform
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.harness import CASES, Figures, Growth, Result
from benchmarks.sizes import SIZES

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


def print_growths(grown: Iterable[Growth]) -> None:
    """Print how many times the CPU of the smallest size each case needs at its largest."""
    for one in grown:
        sign = " !" if one.is_passed else ""
        sizes = f"{one.few.size.name} to {one.many.size.name}"
        most = one.few.case.growth
        print(f"{one.few.case.name:<42}{sizes:>16}{one.times:>8.2f} times / {most}{sign}")


def write(results: Sequence[Result], grown: Sequence[Growth] = ()) -> None:
    """Write what was measured into the documentation; rows of other cases stay as they are."""
    before = json.loads(BEFORE.read_text(encoding="utf-8"))
    page = TARGET.read_text(encoding="utf-8") if TARGET.exists() else ""
    names = [one.name for one in CASES] + [one.case.name for one in results]
    rows = rows_of(page, FIGURES) | {
        (one.case.name, one.size.name): row(one, before) for one in results
    }
    growths = rows_of(page, GROWTHS) | {
        (one.few.case.name, one.few.size.name): growth_row(one) for one in grown
    }
    places = [(name, size.name) for size in SIZES for name in dict.fromkeys(names)]
    TARGET.write_text(
        PAGE.format(
            rows="\n".join(rows[place] for place in places if place in rows),
            growths="\n".join(growths[place] for place in places if place in growths),
            sizes="\n".join(
                f"| {one.name} | {one.applications:,} | {one.pairings:,} | {one.mails:,} "
                f"| {one.measures:,} | {one.duties:,} |"
                for one in SIZES
            ),
            cores=os.cpu_count(),
            python=platform.python_version(),
        ),
        encoding="utf-8",
    )


def rows_of(page: str, heading: str) -> dict[tuple[str, str], str]:
    """Return the rows of the table with this heading, by what stands in their first two cells."""
    _, _, below = page.partition(heading + "\n")
    table = below.partition("\n\n")[0]
    found = re.finditer(r"^\| ([^|-][^|]*) \| ([^|]*) \|.*$", table, re.MULTILINE)
    return {(one[1], one[2]): one[0] for one in found}


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


def growth_row(one: Growth) -> str:
    """Return a row: from what, to what, how many times, and how many it may be."""
    case = one.few.case
    return (
        f"| {case.name} | {one.few.size.name} | {one.many.size.name} "
        f"| {one.times:.2f} (≤ {case.growth}) |"
    )


FIGURES = "| case | size | queries | loops | cold | sql | kb | mb |"
GROWTHS = "| case | from | to | times the CPU |"
PAGE = (
    """# Benchmarks

Written by `make bench ARGS=--write`. Each case is one request, or one run of a task, measured in
one process on PostgreSQL with a cache server. `make bench` fails when a limit is passed.

Each figure reads **before → now (≤ limit)**. *Before* is the portal as it was when these cases
were first measured. The small size had 100 applications then, and still had where a row was not
measured since: the pages of cities, plans, mails and the public ones.

- **queries**: statements sent, savepoints, session and person included.
- **loops**: CPU time of the process, as a multiple of an empty loop of 10 million rounds timed
  beside the case, so that machines and moments can be compared. **cold**: the same with an empty
  cache, when something that the public reads has just changed.
- **sql**: milliseconds in the database.
- **kb**: what was sent, before compression. **mb**: memory needed beside what was held before.

| size | applications | pairings | mails | measures of the plan | dates that are owed |
|---|---|---|---|---|---|
{sizes}

"""
    + FIGURES
    + """
|---|---|---|---|---|---|---|---|
{rows}

A figure beyond its limit is still to be brought down; milliseconds in the database were taken while
other programs waited for the processors. A case that waited a minute for one statement
was given up at 60,000 ms.

## The same at every size

What staff work with all day may need so many times the CPU of the smallest size at the largest, of
the quietest look at each; `make bench` fails here too.

"""
    + GROWTHS
    + """
|---|---|---|---|
{growths}

The machine: {cores} cores, Python {python}; other work went on beside, more at some rows than at
others. The database is cleaned up after the rows are made, as its own daemon does it.
"""
)
