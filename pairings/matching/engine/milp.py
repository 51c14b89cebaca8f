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
    from scipy.optimize import LinearConstraint  # noqa: PLC0415 - heavy

    programme = _Programme(instance, pairs)
    proved, notes = True, []
    bound: int | None = None
    values = np.zeros(programme.size)
    for aim in programme.aims:
        answer = programme.optimise(aim, seconds / len(programme.aims))
        if answer.x is None:
            message = f"HiGHS found no solution: {answer.message}"
            raise RuntimeError(message)
        values = np.rint(answer.x)
        reached = round(float(aim @ values))
        if aim is programme.score and answer.mip_dual_bound is not None:
            bound = -math.ceil(answer.mip_dual_bound - 1e-6)
        if answer.status != 0:
            proved = False
            notes.append("the time limit came first")
        programme.held.append(LinearConstraint(aim[None, :], -np.inf, reached + 0.5))
    return MilpResult(np.flatnonzero(values[: len(pairs)] > 0.5), bound, proved, "; ".join(notes))  # noqa: PLR2004


class _Programme:
    """One variable a pair, then one for each minimum: what it falls short by.

    `aims` are minimised one after another, the weightiest first; `held` are the constraints.
    """

    def __init__(self, instance: Instance, pairs: Pairs) -> None:
        from scipy.optimize import Bounds, LinearConstraint  # noqa: PLC0415 - heavy

        self.instance, self.pairs, self.rules = instance, pairs, Rules.of(instance)
        rules, count = self.rules, len(pairs)
        minimums = np.r_[rules.left_bounds[:, 0], rules.right_bounds[:, 0], rules.min_pairs]
        self.size = count + len(minimums)
        self.bounds = Bounds(0, np.r_[np.ones(count), minimums].astype(float))
        matrix, low, high = self._constraints()
        self.held = [LinearConstraint(matrix, low, high)]
        self.score = np.r_[-pairs.score.astype(float), np.zeros(len(minimums))]
        number = np.r_[-np.ones(count), np.zeros(len(minimums))]
        shortfall = np.r_[np.zeros(count), np.ones(len(minimums))]
        ranked = [number, self.score] if instance.pairs_first else [self.score, number]
        self.aims = [shortfall, *ranked] if minimums.any() else ranked

    def optimise(self, aim: Any, seconds: float) -> Any:
        """Return the solver's answer for one aim under what is held."""
        from scipy.optimize import milp  # noqa: PLC0415 - heavy

        return milp(
            aim,
            integrality=np.ones(self.size),
            bounds=self.bounds,
            constraints=self.held,
            options={"time_limit": seconds, "mip_rel_gap": 0.0},
        )

    def _constraints(self) -> tuple[Any, Any, Any]:
        """Return the matrix of all rules with the lower and upper bound of each row."""
        from scipy.sparse import vstack  # noqa: PLC0415 - heavy

        rules, pairs = self.rules, self.pairs
        by_left = rules.left_country[pairs.left]
        by_right = rules.right_country[pairs.right]
        everyone = np.zeros(len(pairs), dtype=np.int64)
        e, c = len(rules.left_bounds), len(rules.right_bounds)
        blocks: list[tuple[Any, Any, Any]] = [
            (self._rows(pairs.left, len(rules.left_capacity)), -np.inf, rules.left_capacity),
            (self._rows(pairs.right, len(rules.right_capacity)), -np.inf, rules.right_capacity),
            (self._rows(by_left, e), -np.inf, rules.left_bounds[:, 1]),
            (self._rows(by_right, c), -np.inf, rules.right_bounds[:, 1]),
            (self._rows(by_left, e, short=0), rules.left_bounds[:, 0], np.inf),
            (self._rows(by_right, c, short=e), rules.right_bounds[:, 0], np.inf),
            (self._rows(everyone, 1, short=e + c), np.array([rules.min_pairs]), np.inf),
        ]
        extra, limits = _outside(self.instance, rules, pairs, self.size)
        if len(limits):
            blocks.append((extra, -np.inf, limits))
        low, high = (
            np.concatenate([np.broadcast_to(np.asarray(b[k]), b[0].shape[0]) for b in blocks])
            for k in (1, 2)
        )
        matrix = vstack([block for block, _, _ in blocks]).tocsr()
        return matrix, low.astype(float), high.astype(float)

    def _rows(self, owner: IntArray, size: int, *, short: int | None = None) -> Any:
        """Return rows that count the pairs of each owner, with its shortfall where one is."""
        from scipy.sparse import csr_array  # noqa: PLC0415 - heavy

        row, column = owner, np.arange(len(owner))
        if short is not None:
            row = np.r_[row, np.arange(size)]
            column = np.r_[column, len(owner) + short + np.arange(size)]
        return csr_array((np.ones(len(row)), (row, column)), shape=(size, self.size))


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
