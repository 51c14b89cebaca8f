"""Measuring: a case is a function that prepares its data and returns what to measure."""

import gc
import re
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from benchmarks.loop import time_empty_loop
from benchmarks.sizes import Size
from showcase import watch

# A short case is repeated this often, a long one less, a very long one not at all.
RUNS = 7
LONG, VERY_LONG = 1.0, 5.0
# Seconds that one statement may take.
PATIENCE = 60
PROCESS = Path("/proc/self")

# What is measured: one request, for instance; it returns how many bytes came. Called often.
Action = Callable[[], int]


@dataclass(frozen=True)
class Figures:
    """What a case needed, or the most it may need; None where nothing is promised.

    `loops`: CPU time of this process as a multiple of an empty loop of 10 million rounds;
    `cold`: the same with an empty cache, after a public change. `sql`: milliseconds in the
    database. `kb`: what was sent, uncompressed. `mb`: memory that was needed beside what was held
    before.
    """

    queries: float | None = None
    loops: float | None = None
    cold: float | None = None
    sql: float | None = None
    kb: float | None = None
    mb: float | None = None

    def passed(self, most: "Figures") -> list[str]:
        """Return the names of the limits that are passed."""
        return [
            name
            for name, value, limit in (
                (one.name, getattr(self, one.name), getattr(most, one.name)) for one in fields(self)
            )
            if value is not None and limit is not None and value > limit
        ]


@dataclass(frozen=True)
class Case:
    """A named measurement with its limits; `by_size` holds those that differ."""

    name: str
    prepare: Callable[[Size], Action]
    most: Figures
    by_size: dict[str, Figures] = field(default_factory=dict)
    # Whether to look at an empty cache and at memory as well.
    is_cached: bool = False
    is_heavy: bool = False
    # How many times the CPU of the smallest size the largest may need.
    growth: float | None = None

    def limits(self, size: Size) -> Figures:
        """Return what it may need at this size."""
        return self.by_size.get(size.name, self.most)


@dataclass(frozen=True)
class Result:
    """What a case needed at a size."""

    case: Case
    size: Size
    figures: Figures
    statements: tuple[str, ...] = ()
    # As `loops` of the figures, of the quietest look: what other programs disturb least.
    quietest: float | None = None

    @property
    def passed(self) -> list[str]:
        """Return the names of the limits that are passed."""
        return self.figures.passed(self.case.limits(self.size))


@dataclass(frozen=True)
class Growth:
    """How many times the CPU of its smallest size a case needs at its largest."""

    few: Result
    many: Result

    @property
    def times(self) -> float:
        """Return the one by the other."""
        return (self.many.quietest or 0) / (self.few.quietest or 1)

    @property
    def is_passed(self) -> bool:
        """Tell whether it is more than the case may grow."""
        most = self.few.case.growth
        return most is not None and self.times > most


def growths(results: Iterable[Result]) -> list[Growth]:
    """Return how the cases grow that may grow so far only, as far as they were measured twice."""
    found: dict[str, list[Result]] = {}
    for result in results:
        if result.case.growth is not None and result.quietest is not None:
            found.setdefault(result.case.name, []).append(result)
    return [Growth(rows[0], rows[-1]) for rows in found.values() if len(rows) > 1]


CASES: list[Case] = []


def case(
    name: str,
    most: Figures | None = None,
    *,
    by_size: dict[str, Figures] | None = None,
    is_cached: bool = False,
    is_heavy: bool = False,
    growth: float | None = None,
) -> Callable[[Callable[[Size], Action]], Callable[[Size], Action]]:
    """Declare a case: `@case("staff list", Figures(queries=14, loops=0.3))`."""

    def declare(prepare: Callable[[Size], Action]) -> Callable[[Size], Action]:
        limits = most or Figures(), by_size or {}
        CASES.append(Case(name, prepare, *limits, is_cached, is_heavy, growth))
        return prepare

    return declare


@dataclass
class Meter:
    """One look at an action."""

    cpu: float
    sql: float
    size: int


def measure(one: Case, size: Size) -> Result:
    """Measure a case; one that waits too long for the database is given up."""
    action = one.prepare(size)
    try:
        with patience(PATIENCE):
            return _measure(one, size, action)
    except OperationalError:
        connection.close()
        return Result(one, size, Figures(sql=PATIENCE * 1000))


@contextmanager
def patience(seconds: int) -> Iterator[None]:
    """Let the database give up a statement after so long."""
    _set_timeout(seconds)
    yield
    _set_timeout(0)


def _set_timeout(seconds: int) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET statement_timeout = '{seconds}s'")


def _measure(one: Case, size: Size, action: Action) -> Result:
    """Count the queries of an action, and time it between two empty loops."""
    loop = time_empty_loop()
    # The first time: what is needed later finds the memory that is held already.
    memory = needed_memory(action) if one.is_heavy else None
    first = look(action)  # It compiles templates and fills caches.
    with CaptureQueriesContext(connection) as captured:
        again = look(action)
    # Django forgets them with the next request.
    statements = tuple(query["sql"] for query in captured)
    looks = [again]
    if again.cpu + again.sql < VERY_LONG:
        looks = [look(action) for _ in range(3 if again.cpu + again.sql > LONG else RUNS)]
    cold = time_cold(action) if one.is_cached else None
    loop = (loop + time_empty_loop()) / 2
    return Result(
        case=one,
        size=size,
        figures=Figures(
            queries=len(statements),
            loops=statistics.median(each.cpu for each in looks) / loop,
            cold=None if cold is None else cold / loop,
            # Other programs disturb the wall clock: the quietest moment counts.
            sql=min(each.sql for each in looks) * 1000,
            kb=first.size / 1024,
            mb=memory,
        ),
        statements=statements,
        quietest=min(each.cpu for each in looks) / loop,
    )


def look(action: Action) -> Meter:
    """Call the action once."""
    in_database = 0.0

    def wait(execute: Any, *arguments: Any) -> Any:
        nonlocal in_database
        started = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            in_database += time.perf_counter() - started

    with connection.execute_wrapper(wait):
        started = time.process_time()
        size = action()
        return Meter(time.process_time() - started, in_database, size)


def time_cold(action: Action) -> float:
    """Return the CPU seconds of the action after a public change and on an empty cache.

    The best of three. What this process remembers of the public list holds until it changes.
    """
    times = []
    for _ in range(3):
        cache.clear()
        watch.gather(connection)
        times.append(look(action).cpu)
        if times[-1] > VERY_LONG:
            break
    return min(times)


def needed_memory(action: Action) -> float | None:
    """Return the megabytes that the action needs at most; None where the system cannot tell."""
    gc.collect()
    try:
        # Forgets the highest value so far.
        (PROCESS / "clear_refs").write_text("5")
    except OSError:
        return None
    before = _kilobytes("VmRSS")
    action()
    return max(_kilobytes("VmHWM") - before, 0) / 1024


def _kilobytes(name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB", (PROCESS / "status").read_text(), re.MULTILINE)
    return int(found[1]) if found else 0
