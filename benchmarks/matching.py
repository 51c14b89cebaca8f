"""`python -m benchmarks.matching`: the recommender against others, written to docs/.

Every method runs in a process of its own, so that its memory is its own. Same cities, same
scores. `python -m benchmarks.matching 100 1000` measures fewer sizes and only prints.
"""

import json
import os
import platform
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.loop import time_empty_loop

SIZES = (100, 1_000, 3_000, 10_000, 20_000)
TARGET = Path(__file__).parent.parent / "docs" / "matching-benchmark.md"
TOPICS = [f"topic {k}" for k in range(15)]
TAGS = ["port", "coastal", "mountain", "metropolitan", "historic"]
LANGUAGES = ["en", "fr", "es", "pt", "de", "it"]
LEFT, RIGHT = [f"E{k}" for k in range(27)], [f"P{k}" for k in range(12)]
# Dense methods hold n² costs in float64; beyond these sizes they need more than the machine.
LARGEST = {"linear_sum_assignment": 10_000, "HiGHS": 1_000, "greedy": 10_000}
TIME_LIMIT = 100
# Pairs that greedy looks at in one piece.
AT_A_TIME = 1_000_000


def cities(count: int, seed: int, countries: list[str], others: list[str], *, quota: bool) -> Any:
    """Draw one side of a synthetic instance."""
    draw = random.Random(seed)  # noqa: S311 - test data
    return [
        {
            "id": f"{countries[0][0]}{k:05d}",
            "country": draw.choice(countries),
            "capacity": 1 + (quota and draw.random() < 0.05),  # noqa: PLR2004 - one in twenty
            "population": int(10 ** draw.uniform(4.8, 6.8)),
            "topics": draw.sample(TOPICS, draw.randint(1, 4)),
            "needs": draw.sample(TOPICS, draw.randint(1, 3)),
            "offers": draw.sample(TOPICS, draw.randint(1, 4)),
            "languages": draw.sample(LANGUAGES, draw.randint(1, 2)),
            "tags": draw.sample(TAGS, draw.randint(0, 3)),
            "preferred_countries": draw.sample(others, draw.choice([0, 0, 3, 6])),
        }
        for k in range(count)
    ]


def instance(count: int, *, quota: bool) -> dict[str, Any]:
    """Draw an instance of `count` cities a side; with quotas and capacities of 2 or without."""
    data = {
        "left": cities(count, 1, LEFT, RIGHT, quota=quota),
        "right": cities(count, 2, RIGHT, LEFT, quota=quota),
    }
    if quota:
        share = max(1, count // 20)
        data["quotas"] = {
            "right_country": {"P1": {"max": share}},
            "left_country": {"E3": {"min": 1, "max": max(2, count // 40)}},
        }
    return data


def engine(data: dict[str, Any]) -> dict[str, Any]:
    """Measure the engine: solution with proof; restored: alternatives, a lock, a new solution."""
    from pairings.matching.engine import Session, read_instance  # noqa: PLC0415 - own process

    match = read_instance(data)
    data.clear()  # What the file held is not the engine's memory.
    session = Session(match)
    solution, seconds = timed(session.solve)
    result = {
        "score": solution.total_score,
        "proved": solution.optimal,
        "seconds": seconds,
        "memory": peak(),
    }
    stored = json.loads(json.dumps(session.potentials()))
    # From here on as in another process: nothing but the instance and what was stored.
    session, restored = timed(lambda: Session.restore(match, stored))
    ids = [city.id for city in match.left]
    _, first = timed(lambda: session.alternatives(ids[0]))
    _, asked = timed(lambda: [session.alternatives(name) for name in ids[1:21]])
    # Lock the first alternative that staff could want.
    alternative = session.alternatives(ids[5])[0]
    session.lock(ids[5], alternative.right)
    _, again = timed(session.solve)
    return result | {"restored": restored + first, "alternatives": asked / 20, "again": again}


def dense(match: Any) -> Any:
    """Return the full score matrix, computed by the engine's own scorer."""
    from pairings.matching.engine.scoring import Scorer  # noqa: PLC0415 - own process

    return Scorer(match).block(0, len(match.left))


def linear_sum_assignment(data: dict[str, Any]) -> dict[str, Any]:
    """Measure SciPy's dense assignment (shortest augmenting paths), scoring included."""
    from scipy.optimize import linear_sum_assignment as solve  # noqa: PLC0415 - own process

    from pairings.matching.engine import read_instance  # noqa: PLC0415 - own process

    match = read_instance(data)

    def run() -> int:
        scores = dense(match)
        rows, columns = solve(scores, maximize=True)
        return int(scores[rows, columns].sum(dtype=int))

    score, seconds = timed(run)
    return {"score": score, "proved": True, "seconds": seconds, "memory": peak()}


def greedy(data: dict[str, Any]) -> dict[str, Any]:
    """Measure taking the best pair that is left, scoring included."""
    import numpy as np  # noqa: PLC0415 - own process

    from pairings.matching.engine import read_instance  # noqa: PLC0415 - own process

    match = read_instance(data)

    def run() -> int:
        scores = dense(match)
        order = np.argsort(-scores, axis=None, kind="stable")
        free_left, free_right = [True] * len(scores), [True] * len(scores)
        total = matched = 0
        for start in range(0, len(order), AT_A_TIME):
            left, right = np.unravel_index(order[start : start + AT_A_TIME], scores.shape)
            for i, j in zip(left.tolist(), right.tolist(), strict=True):
                if free_left[i] and free_right[j]:
                    free_left[i] = free_right[j] = False
                    total += int(scores[i, j])
                    matched += 1
            if matched == len(scores):
                break
        return total

    score, seconds = timed(run)
    return {"score": score, "proved": False, "seconds": seconds, "memory": peak()}


def highs(data: dict[str, Any]) -> dict[str, Any]:
    """Measure HiGHS on all pairs with all rules, scoring included.

    As a linear programme: the corners of a network's polytope are whole numbers, so nothing is
    lost and the slower integer method is not needed.
    """
    import numpy as np  # noqa: PLC0415 - own process
    from scipy.optimize import linprog  # noqa: PLC0415 - own process
    from scipy.sparse import csr_array, vstack  # noqa: PLC0415 - own process

    from pairings.matching.engine import read_instance  # noqa: PLC0415 - own process
    from pairings.matching.engine.network import Rules  # noqa: PLC0415 - own process
    from pairings.matching.engine.table import ScoreTable, all_pairs  # noqa: PLC0415 - own process

    match = read_instance(data)

    def run() -> tuple[int, bool]:
        pairs, rules = all_pairs(ScoreTable(match)), Rules.of(match)
        count = np.arange(len(pairs))
        owners = [
            (pairs.left, rules.left_capacity),
            (pairs.right, rules.right_capacity),
            (rules.left_country[pairs.left], rules.left_bounds[:, 1]),
            (rules.right_country[pairs.right], rules.right_bounds[:, 1]),
        ]
        rows = [
            csr_array((np.ones(len(pairs)), (owner, count)), shape=(len(limit), len(pairs)))
            for owner, limit in owners
        ]
        least = -rules.left_bounds[:, 0]
        answer = linprog(
            -pairs.score.astype(float),
            A_ub=vstack([*rows, -rows[2]]),
            b_ub=np.concatenate([*(limit for _, limit in owners), least]).astype(float),
            bounds=(0, 1),
            method="highs",
            options={"time_limit": TIME_LIMIT},
        )
        return (round(-answer.fun) if answer.x is not None else 0), answer.status == 0

    (score, proved), seconds = timed(run)
    return {"score": score, "proved": proved, "seconds": seconds, "memory": peak()}


METHODS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "engine": engine,
    "linear_sum_assignment": linear_sum_assignment,
    "greedy": greedy,
    "HiGHS": highs,
}


def timed(action: Callable[[], Any]) -> tuple[Any, float]:
    """Return the result and the seconds it took."""
    started = time.perf_counter()
    result = action()
    return result, time.perf_counter() - started


def peak() -> float:
    """Return the most memory this process had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(method: str, count: int, *, quota: bool) -> dict[str, Any] | None:
    """Run one method in a fresh process; None when it gave up."""
    code = f"import benchmarks.matching as b; b.child({method!r}, {count}, {quota})"
    try:
        answer = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            timeout=TIME_LIMIT + 60,
            # As the engine has it: the products are too narrow for more.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        print(f"{method} gave up at {count}: {error}", file=sys.stderr)
        return None
    return dict(json.loads(answer.stdout.splitlines()[-1]))


def child(method: str, count: int, quota: bool) -> None:
    """Measure one method in this process and print the result as JSON."""
    # Libraries load before the clock starts.
    import numpy as np  # noqa: F401, PLC0415
    import ortools.graph.python.min_cost_flow  # noqa: F401, PLC0415
    import scipy.optimize  # noqa: PLC0415
    import scipy.sparse.csgraph  # noqa: F401, PLC0415

    print(json.dumps(METHODS[method](instance(count, quota=quota))))


def report(sizes: tuple[int, ...]) -> str:
    """Measure all and return the page."""
    rows = []
    for count in sizes:
        for quota, methods in (
            (False, ["engine", "linear_sum_assignment", "greedy"]),
            (True, ["engine", "HiGHS"]),
        ):
            for method in methods:
                if count > LARGEST.get(method, count):
                    continue
                found = measure(method, count, quota=quota)
                if found is not None:
                    rows.append(row(count, method, found, quota=quota))
                    print(rows[-1], flush=True)
    loop = time_empty_loop()
    return PAGE.format(
        rows="\n".join(rows),
        loop=loop,
        python=platform.python_version(),
        cores=os.cpu_count(),
    )


def row(count: int, method: str, found: dict[str, Any], *, quota: bool) -> str:
    """Return one line of the table."""
    rules = "capacities 1–2, quotas" if quota else "capacity 1"
    restored = f"{found['restored']:.3f}" if "restored" in found else ""
    asked = f"{found['alternatives']:.3f}" if "alternatives" in found else ""
    again = f"{found['again']:.2f}" if "again" in found else ""
    proved = "yes" if found["proved"] else "no"
    score = f"{found['score']:,}" if found["score"] else f"none within {TIME_LIMIT} s"
    return (
        f"| {count:,} | {rules} | {method} | {found['seconds']:.2f} | {found['memory']:.0f} | "
        f"{score} | {proved} | {restored} | {asked} | {again} |"
    )


PAGE = """# The recommender's benchmark

Written by `python -m benchmarks.matching`. Synthetic cities; every method runs in a process of
its own on the same instance and computes the scores itself, with the same code; the clock starts
when the instance is read, and BLAS has one thread. Seconds of wall clock; memory is the most the
process held, its libraries included. The last three are from what a run keeps, without the
scores, as in any other process: *restored*, seconds to a first answer; *alternatives*, seconds
for one city's five, the mean of twenty after it; *again*, seconds for a new solution, proved,
after a lock.

| a side | rules | method | seconds | MB | total score | proved | restored | alternatives | again |
|---|---|---|---|---|---|---|---|---|---|
{rows}

`linear_sum_assignment` (SciPy) solves capacity 1 without rules alone; HiGHS takes all rules and is
measured up to 1,000 a side.

The machine: {cores} cores, Python {python}; an empty loop of 10 million rounds took {loop:.2f} s
of CPU right after.
"""


if __name__ == "__main__":
    chosen = tuple(int(word) for word in sys.argv[1:])
    page = report(chosen or SIZES)
    if not chosen:
        TARGET.write_text(page, encoding="utf-8")
        print(f"Written to {TARGET.relative_to(TARGET.parent.parent)}.")
