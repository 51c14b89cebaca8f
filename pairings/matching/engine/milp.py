"""The general solver for rules outside the network: conflicts and country-pair limits.

A mixed-integer programme solved by HiGHS (Huangfu and Hall, "Parallelizing the dual revised
simplex method", Math. Prog. Computation 10, 2018; branch and cut through SciPy). Aims of
different rank are solved one after another, each holding what the one before reached.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from pairings.matching.engine.instance import Instance, IntArray
from pairings.matching.engine.network import Rules
from pairings.matching.engine.table import Pairs

DEFAULT_SECONDS = 60.0


@dataclass(frozen=True)
class MilpResult:
    """Chosen positions in `pairs`; `bound` on the total score, None: not proved."""

    chosen: IntArray
    bound: int | None
    proved: bool
    note: str


def solve_milp(instance: Instance, pairs: Pairs, *, seconds: float = DEFAULT_SECONDS) -> MilpResult:
    """Choose pairs of most worth under all rules, those outside the network included.

    Raises RuntimeError when the solver finds no solution in time (the empty match is always
    one, so this is a fault or a far too short limit).
    """
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - heavy
    from scipy.sparse import csr_array, vstack  # noqa: PLC0415 - heavy

    rules = Rules.of(instance)
    count = len(pairs)
    left_min, right_min = rules.left_bounds[:, 0], rules.right_bounds[:, 0]
    # One variable a pair, then what each minimum falls short by.
    short = len(left_min) + len(right_min)
    total = count + short
    ones = np.arange(count)

    def rows(owner: IntArray, size: int) -> csr_array:
        return csr_array((np.ones(count), (owner, ones)), shape=(size, total))

    by_left = rules.left_country[pairs.left]
    by_right = rules.right_country[pairs.right]
    e, c = len(left_min), len(right_min)
    slack_left = csr_array((np.ones(e), (np.arange(e), count + np.arange(e))), shape=(e, total))
    slack_right = csr_array(
        (np.ones(c), (np.arange(c), count + e + np.arange(c))), shape=(c, total)
    )
    blocks: list[tuple[Any, Any, Any]] = [
        (rows(pairs.left, len(rules.left_capacity)), -np.inf, rules.left_capacity),
        (rows(pairs.right, len(rules.right_capacity)), -np.inf, rules.right_capacity),
        (rows(by_left, e), -np.inf, rules.left_bounds[:, 1]),
        (rows(by_right, c), -np.inf, rules.right_bounds[:, 1]),
        (rows(by_left, e) + slack_left, left_min, np.inf),
        (rows(by_right, c) + slack_right, right_min, np.inf),
    ]
    extra, limits = _outside(instance, rules, pairs, total)
    if len(limits):
        blocks.append((extra, -np.inf, limits))
    matrix = vstack([block for block, _, _ in blocks]).tocsr()
    low, high = (
        np.concatenate([np.broadcast_to(np.asarray(b[k]), b[0].shape[0]) for b in blocks]).astype(
            float
        )
        for k in (1, 2)
    )
    bounds = Bounds(0, np.r_[np.ones(count), left_min, right_min].astype(float))

    shortfall = np.r_[np.zeros(count), np.ones(short)]
    number = np.r_[-np.ones(count), np.zeros(short)]
    score = np.r_[-pairs.score.astype(float), np.zeros(short)]
    aims = [shortfall] if left_min.any() or right_min.any() else []
    aims += [number, score] if instance.pairs_first else [score, number]
    held = [LinearConstraint(matrix, low, high)]
    proved, notes = True, []
    bound: int | None = None
    values = np.zeros(total)
    for aim in aims:
        answer = milp(
            aim,
            integrality=np.ones(total),
            bounds=bounds,
            constraints=held,
            options={"time_limit": seconds / len(aims), "mip_rel_gap": 0.0},
        )
        if answer.x is None:
            message = f"HiGHS found no solution: {answer.message}"
            raise RuntimeError(message)
        values = np.rint(answer.x)
        reached = round(float(aim @ values))
        if aim is score and answer.mip_dual_bound is not None:
            bound = -math.ceil(answer.mip_dual_bound - 1e-6)
        if answer.status != 0:
            proved = False
            notes.append("the time limit came first")
        held.append(LinearConstraint(aim[None, :], -np.inf, reached + 0.5))
    return MilpResult(np.flatnonzero(values[:count] > 0.5), bound, proved, "; ".join(notes))  # noqa: PLR2004


def _outside(instance: Instance, rules: Rules, pairs: Pairs, total: int) -> tuple[object, IntArray]:
    """Return the rows and limits of conflicts and country-pair limits, locked pairs counted."""
    from scipy.sparse import csr_array  # noqa: PLC0415 - heavy

    at = {
        pair: k
        for k, pair in enumerate(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))
    }
    row: list[int] = []
    column: list[int] = []
    limits: list[int] = []
    for conflict in instance.conflicts:
        room = 1 - sum(pair in instance.locked for pair in conflict)
        for pair in conflict:
            if pair in at:
                row.append(len(limits))
                column.append(at[pair])
        limits.append(room)
    for (eu, partner), limit in sorted(instance.country_pair_limits.items()):
        e, c = rules.left_countries.index(eu), rules.right_countries.index(partner)
        inside = (rules.left_country[pairs.left] == e) & (rules.right_country[pairs.right] == c)
        held = sum(
            (instance.left[i].country, instance.right[j].country) == (eu, partner)
            for i, j in instance.locked
        )
        hits = np.flatnonzero(inside).tolist()
        row += [len(limits)] * len(hits)
        column += hits
        limits.append(limit - held)
    matrix = csr_array((np.ones(len(row)), (row, column)), shape=(len(limits), total))
    return matrix, np.array(limits, dtype=np.int64)
