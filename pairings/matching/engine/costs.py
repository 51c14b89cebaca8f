"""What a choice costs and who else it moves: a solved match is asked, never changed."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from pairings.matching.engine.instance import (
    Instance,
    MatchingInputError,
    Quota,
    breaks_outside,
    check_locks,
)
from pairings.matching.engine.near import Near
from pairings.matching.engine.objective import Objective
from pairings.matching.engine.optimum import Optimum
from pairings.matching.engine.regret import Forced, Indexes, RegretGraph
from pairings.matching.engine.report import Solution
from pairings.matching.engine.table import ScoreTable

# Up to this many pairs a regret under rules outside the network is found by solving again.
MILP_REGRET_PAIRS = 2_500
ALTERNATIVES = 5


@dataclass(frozen=True)
class Alternative:
    """A partner a left city could have instead.

    `regret`: best total score minus best total score with this pair, in points; None with
    a `reason` where it cannot be forced or is not known. `pairs_lost`: how many pairs fewer
    that best match would hold. `at_least`: where the regret is not known, what it is not below.
    """

    right: str
    score: int
    regret: int | None
    pairs_lost: int | None
    reason: str = ""
    at_least: int | None = None


@dataclass(frozen=True)
class Changed:
    """A city whose partners change when a pair is forced: whom it loses, whom it gets (ids)."""

    side: str
    id: str
    lost: tuple[str, ...]
    gained: tuple[str, ...]


class Costs:
    """The questions to one solution. `again` solves another instance of the same cities."""

    def __init__(
        self,
        solution: Solution,
        optimum: Optimum,
        near: Near,
        again: Callable[[Instance], Solution],
    ) -> None:
        self.instance: Instance = solution.instance
        self.table: ScoreTable = solution.table
        self._solution, self._optimum, self._again = solution, optimum, again
        self._graph = RegretGraph(self.table, optimum.flow, near)
        self._chosen = {(i, j) for i, j, _ in solution.chosen}
        n, m = self.table.shape
        self._outside = self.instance.needs_milp or not solution.optimal
        self._by_solving = self._outside and n * m <= MILP_REGRET_PAIRS

    def alternatives(self, i: int, count: int = ALTERNATIVES) -> list[Alternative]:
        """Return the partners of least regret that left city i does not have, best first.

        Where no partner can be forced, the highest scores with the reason.
        """
        if self._by_solving:
            return self._best_of([self.regret(i, j) for j in self._others(i)], count)
        forced = self._graph.forced(i, enough=count)
        order = sorted(
            (cost, -score, j)
            for cost, score, j in zip(
                forced.cost.tolist(),
                forced.pairs.score.tolist(),
                forced.pairs.right.tolist(),
                strict=True,
            )
            if cost < float("inf") and (i, j) not in self._chosen
        )[: 2 * count + 5]
        if self._outside:
            order = [(0.0, 0, j) for j in self._relaxed_only(i)] + order
            return self._best_of([self._relaxed(i, j, cost) for cost, _, j in order], count)
        found = [self._forced(i, j, cost, -score) for cost, score, j in order]
        free = [one for one in found if one.regret is not None][:count]
        return free or self._not_forceable(i, count)

    def regret(self, i: int, j: int) -> Alternative:
        """Return what forcing one pair costs; 0 for a pair of the match, None with the reason."""
        right, score = self.instance.right[j].id, self.table.score_of(i, j)
        if (i, j) in self._chosen:
            return Alternative(right, score, 0, 0)
        reason = self._why_not(i, j, score)
        if reason:
            return Alternative(right, max(0, score), None, None, reason)
        if self._by_solving:
            return self._solved(i, j)
        cost = self._cost(self._graph.forced(i, enough=self.table.shape[1]), i, j)
        return self._relaxed(i, j, cost) if self._outside else self._forced(i, j, cost, score)

    def changes(self, i: int, j: int) -> list[Changed]:
        """Return who changes partners when a pair is forced at least cost, these two first.

        MatchingInputError where it cannot be forced, or where nobody knows who would.
        """
        if (i, j) in self._chosen:
            return []
        match = self._with_forced(i, j)
        if match is None:
            message = "What else would change is not known for this pair."
            raise MatchingInputError("", message)
        gone, come = self._chosen - match, match - self._chosen
        touched = sorted({(side, pair[side]) for pair in gone | come for side in (0, 1)})
        first = [(0, i), (1, j)]
        order = first + [one for one in touched if one not in first]
        return [self._changed(side, k, gone, come) for side, k in order]

    def _changed(self, side: int, k: int, gone: Indexes, come: Indexes) -> Changed:
        own, others = self.instance.left, self.instance.right
        if side == 1:
            own, others = others, own
        lost, gained = (
            tuple(others[pair[1 - side]].id for pair in sorted(pairs) if pair[side] == k)
            for pairs in (gone, come)
        )
        return Changed(("left", "right")[side], own[k].id, lost, gained)

    def _with_forced(self, i: int, j: int) -> Indexes | None:
        """Return the best match with a pair forced; None where it is not known."""
        reason = self._why_not(i, j, self.table.score_of(i, j))
        if reason:
            raise MatchingInputError("", reason)
        if self._by_solving:
            forced = replace(self.instance, locked=self.instance.locked | {(i, j)})
            check_locks(forced)
            return {(a, b) for a, b, _ in self._again(forced).chosen}
        match = self._relaxed_match(i, j)
        return None if breaks_outside(self.instance, match) else match

    def _relaxed_match(self, i: int, j: int) -> Indexes:
        """Return the best match with a pair forced, but for the rules outside the network."""
        chosen = self._optimum.chosen
        match = set(zip(chosen.left.tolist(), chosen.right.tolist(), strict=True))
        if (i, j) not in match:
            try:
                comes, goes = self._graph.swap(i, j)
            except ValueError as error:
                raise MatchingInputError("", self._full(i, j)) from error
            match = (match - goes) | comes | {(i, j)}
        return match | set(self.instance.locked)

    def _others(self, i: int) -> list[int]:
        return [j for j in range(self.table.shape[1]) if (i, j) not in self._chosen]

    def _relaxed_only(self, i: int) -> list[int]:
        """Return partners of the network's match that the rules outside it have taken away."""
        chosen = self._optimum.chosen
        return [j for j in chosen.right[chosen.left == i].tolist() if (i, j) not in self._chosen]

    def _cost(self, forced: Forced, i: int, j: int) -> float:
        if j in self._relaxed_only(i):
            return 0.0
        at = np.flatnonzero(forced.pairs.right == j)
        return float(forced.cost[at[0]]) if len(at) else float("inf")

    def _best_of(self, found: list[Alternative], count: int) -> list[Alternative]:
        known = sorted(
            (one for one in found if one.regret is not None or one.at_least is not None),
            key=lambda a: (a.at_least if a.regret is None else a.regret, -a.score, a.right),
        )
        unknown = sorted(
            (one for one in found if one.regret is None and one.at_least is None),
            key=lambda a: (-a.score, a.right),
        )
        return (known or unknown)[:count]

    def _forced(self, i: int, j: int, cost: float, score: int) -> Alternative:
        right = self.instance.right[j].id
        if cost == float("inf"):
            return Alternative(right, score, None, None, self._full(i, j))
        units, pairs, points = Objective.of(self.instance).split(int(cost))
        if units:
            reason = f"A minimum would be missed by {units} more."
            return Alternative(right, score, None, None, reason)
        return Alternative(right, score, points, pairs)

    def _relaxed(self, i: int, j: int, cost: float) -> Alternative:
        """Return a regret under rules outside the network from the match without them.

        Where the best match with the pair keeps those rules by itself it is the best under them
        too, and the regret exact; else its total is a bound.
        """
        score, best = self.table.score_of(i, j), self._solution
        right = self.instance.right[j].id
        if cost == float("inf"):
            return Alternative(right, score, None, None, self._full(i, j))
        if not self._optimum.proved:
            return Alternative(right, score, None, None, "Not proved, so nothing is known.")
        units, pairs, points = Objective.of(self.instance).split(int(cost))
        held = len(self._optimum.chosen) + len(self.instance.locked)
        locked = sum(pair.score for pair in best.pairs if pair.locked)
        total = int(self._optimum.chosen.score.sum()) + locked - points
        lost = len(best.pairs) - (held - pairs)
        kept = not breaks_outside(self.instance, self._relaxed_match(i, j))
        if kept and best.optimal and not units and not best.unmet:
            return Alternative(right, score, best.total_score - total, lost)
        if self.instance.ranks_above_score:
            reason = "Not known: a rule outside the network makes this answer a new solution."
            return Alternative(right, score, None, None, reason)
        at_least = max(0, best.total_score - total)
        reason = "A lower bound: with the rules outside the network it may cost more."
        return Alternative(right, score, None, None, reason, at_least)

    def _not_forceable(self, i: int, count: int) -> list[Alternative]:
        scores = self.table.plain(i, i + 1)[0]
        order = sorted((-int(scores[j]), j) for j in self._others(i))
        return [self.regret(i, j) for _, j in order[:count]]

    def _why_not(self, i: int, j: int, score: int) -> str:
        """Return why a pair is not allowed; empty when it is."""
        instance = self.instance
        if (i, j) in instance.forbidden:
            return "The pair is forbidden."
        if score < 0:
            return "The input gives no score for this pair."
        if score < instance.min_score:
            return f"The score is below the minimum of {instance.min_score:,}."
        return self._full(i, j, otherwise="")

    def _full(
        self, i: int, j: int, *, otherwise: str = "The other rules leave no room for this pair."
    ) -> str:
        """Return which rule leaves no room for a pair beside the locked ones."""
        instance = self.instance
        left, right = instance.left[i], instance.right[j]
        held_left = [instance.left[a].country for a, _ in instance.locked]
        held_right = [instance.right[b].country for _, b in instance.locked]
        if sum(a == i for a, _ in instance.locked) >= left.capacity:
            return f"Locked pairs (or a capacity of 0) leave no room for {left.id}."
        if sum(b == j for _, b in instance.locked) >= right.capacity:
            return f"Locked pairs (or a capacity of 0) leave no room for {right.id}."
        for country, quotas, held in (
            (left.country, instance.left_quotas, held_left),
            (right.country, instance.right_quotas, held_right),
        ):
            quota = quotas.get(country, Quota())
            if quota.maximum is not None and held.count(country) >= quota.maximum:
                return f"The maximum of {quota.maximum} for {country} leaves no room."
        return otherwise

    def _solved(self, i: int, j: int) -> Alternative:
        """Find a regret by forcing the pair and solving again: for rules outside the network."""
        right, score = self.instance.right[j].id, self.table.score_of(i, j)
        forced = replace(self.instance, locked=self.instance.locked | {(i, j)})
        try:
            check_locks(forced)
        except MatchingInputError as error:
            return Alternative(right, score, None, None, str(error))
        best, other = self._solution, self._again(forced)
        if not (best.optimal and other.optimal):
            return Alternative(right, score, None, None, "Not proved within the time limit.")
        if sum(u.missing for u in other.unmet) > sum(u.missing for u in best.unmet):
            return Alternative(right, score, None, None, "A minimum would be missed.")
        points = best.total_score - other.total_score
        return Alternative(right, score, points, len(best.pairs) - len(other.pairs))
