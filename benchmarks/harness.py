"""Measuring: a case is a function that prepares its data and returns what to measure."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.loop import time_empty_loop

RUNS = 7

# What is measured: one request, for instance. It is called several times.
Action = Callable[[], object]


@dataclass(frozen=True)
class Case:
    """A named measurement; `most_queries` is the promise it must keep."""

    name: str
    prepare: Callable[[], Action]
    most_queries: int | None


@dataclass(frozen=True)
class Result:
    """What one case needed; CPU time in seconds, the median of several runs."""

    name: str
    queries: int
    cpu: float
    loop: float
    most_queries: int | None

    @property
    def kept(self) -> bool:
        """True when the case keeps its promise."""
        return self.most_queries is None or self.queries <= self.most_queries


CASES: list[Case] = []


def case(name: str, *, most_queries: int | None = None) -> Callable[[Callable[[], Action]], object]:
    """Declare a case: `@case("staff list, 100 applications", most_queries=15)`."""

    def declare(prepare: Callable[[], Action]) -> Callable[[], Action]:
        CASES.append(Case(name, prepare, most_queries))
        return prepare

    return declare


def measure(one: Case) -> Result:
    """Prepare a case, count its queries, and time it beside the empty loop."""
    action = one.prepare()
    action()  # The first call compiles templates and fills caches.
    with CaptureQueriesContext(connection) as captured:
        action()
    queries = len(captured)  # Django forgets them with the next request.
    times = []
    for _ in range(RUNS):
        started = time.process_time()
        action()
        times.append(time.process_time() - started)
    return Result(
        name=one.name,
        queries=queries,
        cpu=statistics.median(times),
        loop=time_empty_loop(),
        most_queries=one.most_queries,
    )
