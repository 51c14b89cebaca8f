"""A match that is solved, asked and changed: the way staff work with it."""

from dataclasses import dataclass, replace
from typing import Any

from pairings.matching.engine.instance import (
    Instance,
    MatchingInputError,
    Quota,
    check_locks,
)
from pairings.matching.engine.milp import DEFAULT_SECONDS, solve_milp
from pairings.matching.engine.network import Objective
from pairings.matching.engine.optimum import (
    Certificate,
    Optimum,
    choose_candidates,
    optimise,
    without,
)
from pairings.matching.engine.regret import RegretGraph
from pairings.matching.engine.report import (
    Pair,
    Solution,
    blocking_pairs,
    unmatched,
    unmet_rules,
)
from pairings.matching.engine.table import Pairs, Progress, ScoreTable, all_pairs

# Up to this many pairs the general solver gets all of them.
MILP_PAIRS = 400_000
# Up to this many pairs a regret under rules outside the network is found by solving again.
MILP_REGRET_PAIRS = 2_500
ALTERNATIVES = 5


@dataclass(frozen=True)
class Alternative:
    """A partner a left city could have instead.

    `regret`: best total score minus best total score with this pair, in points; None with
    a `reason` where it cannot be forced or is not known. `pairs_lost`: how many pairs fewer
    that best match would hold.
    """

    right: str
    score: int
    regret: int | None
    pairs_lost: int | None
    reason: str = ""


class Session:
    """One instance, solved; change it and solve again, asking in between.

    Scores are computed once and kept (while they fit); a change of locks, bans, quotas or
    the minimum score keeps them and the candidates of the last solution. Methods that
    change raise MatchingInputError and change nothing when the new rule cannot hold.
    """

    def __init__(
        self,
        instance: Instance,
        *,
        block: int | None = None,
        progress: Progress | None = None,
        milp_seconds: float = DEFAULT_SECONDS,
    ) -> None:
        self.instance = instance
        self._progress, self._block, self._milp_seconds = progress, block, milp_seconds
        self.table = ScoreTable(instance, block=block, progress=progress)
        self._left_at = {city.id: i for i, city in enumerate(instance.left)}
        self._right_at = {city.id: j for j, city in enumerate(instance.right)}
        # All pairs that were ever candidates: bans only hide them.
        self._known: Pairs | None = None
        self._optimum: Optimum | None = None
        self._solution: Solution | None = None
        self._graph: RegretGraph | None = None

    # Solving ----------------------------------------------------------------------------

    def solve(self) -> Solution:
        """Return the best match under the rules as they are now; solved once per change."""
        if self._solution is None:
            if self._known is None:
                self._known = choose_candidates(self.table)
            self._optimum = optimise(self.instance, self.table, without(self._known, self.table))
            self._known = self._known.union(self._optimum.pairs, self.table.shape[1])
            if self.instance.needs_milp:
                self._solution = self._solve_outside(self._optimum)
            else:
                self._solution = self._from_network(self._optimum)
        return self._solution

    def _from_network(self, optimum: Optimum) -> Solution:
        chosen = self._with_locked(optimum.chosen)
        total = sum(pair.score for pair in chosen)
        certificate = Certificate(
            bound=total if optimum.proved else None,
            gap=0 if optimum.proved else None,
            priced=optimum.priced,
            rounds=optimum.rounds,
            note="" if optimum.proved else "Pricing did not end; better pairs may be left out.",
        )
        return self._finish(chosen, certificate, proved=optimum.proved)

    def _solve_outside(self, relaxed: Optimum) -> Solution:
        """Solve with the rules outside the network; without them `relaxed` is a bound."""
        n, m = self.table.shape
        whole = n * m <= MILP_PAIRS
        pairs = all_pairs(self.table) if whole else relaxed.pairs
        answer = solve_milp(self.instance, pairs, seconds=self._milp_seconds)
        chosen = self._with_locked(
            Pairs(pairs.left[answer.chosen], pairs.right[answer.chosen], pairs.score[answer.chosen])
        )
        total = sum(pair.score for pair in chosen)
        held = total - int(pairs.score[answer.chosen].sum())
        bound: int | None = None
        if whole and answer.bound is not None:
            bound = held + answer.bound
        elif relaxed.proved and not self._ranks_above_score():
            # A match under fewer rules is never worse: its total bounds ours.
            bound = held + int(relaxed.chosen.score.sum())
        proved = bound == total and (answer.proved or not self._ranks_above_score())
        note = answer.note
        if not whole and not proved:
            note = f"{note}; only {len(pairs):,} candidate pairs were searched".strip("; ")
        certificate = Certificate(
            bound=bound,
            gap=None if bound is None else bound - total,
            priced=0 if whole else relaxed.priced,
            rounds=relaxed.rounds,
            note=note,
        )
        return self._finish(chosen, certificate, proved=proved)

    def _ranks_above_score(self) -> bool:
        quotas = [*self.instance.left_quotas.values(), *self.instance.right_quotas.values()]
        return self.instance.pairs_first or any(quota.minimum for quota in quotas)

    def _with_locked(self, chosen: Pairs) -> list[Pair]:
        rows = [
            (i, j, s, False)
            for i, j, s in zip(
                chosen.left.tolist(), chosen.right.tolist(), chosen.score.tolist(), strict=True
            )
        ]
        rows += [(i, j, self.table.score_of(i, j), True) for i, j in self.instance.locked]
        left, right = self.instance.left, self.instance.right
        return [Pair(left[i].id, right[j].id, s, locked) for i, j, s, locked in sorted(rows)]

    def _finish(self, pairs: list[Pair], certificate: Certificate, *, proved: bool) -> Solution:
        blocking, count = blocking_pairs(self.instance, self.table, self._indexed(pairs))
        unmet = unmet_rules(self.instance, self.table, self._indexed(pairs))
        return Solution(
            pairs=pairs,
            total_score=sum(pair.score for pair in pairs),
            optimal=proved,
            certificate=certificate,
            unmatched_left=unmatched(self.instance, self.table, self._indexed(pairs), "left"),
            unmatched_right=unmatched(self.instance, self.table, self._indexed(pairs), "right"),
            blocking_pairs=blocking,
            blocking_count=count,
            unmet=unmet,
        )

    def _indexed(self, pairs: list[Pair]) -> list[tuple[int, int, int]]:
        return [(self._left_at[p.left], self._right_at[p.right], p.score) for p in pairs]

    # Asking -----------------------------------------------------------------------------

    def alternatives(self, left_id: str, *, count: int = ALTERNATIVES) -> list[Alternative]:
        """Return the partners of least regret that the city does not have, best first.

        KeyError for an unknown id. Where no partner can be forced, the highest scores with
        the reason.
        """
        i = self._left_at[left_id]
        solution = self.solve()
        partners = {self._right_at[p.right] for p in solution.pairs if p.left == left_id}
        if self.instance.needs_milp or not solution.optimal:
            return self._alternatives_by_solving(i, partners, count)
        forced = self._regrets().forced(i, enough=count)
        scores = self.table.allowed(i, i + 1)[0]
        costs = [
            (float(forced.cost[j]), -int(scores[j]), j)
            for j in (forced.cost < float("inf")).nonzero()[0].tolist()
        ]
        found = [self._forced(i, j, cost) for cost, _, j in sorted(costs)[: 2 * count + 5]]
        free = [a for a in found if a.regret is not None][:count]
        if free:
            return free
        return self._not_forceable(i, partners, count)

    def regret(self, left_id: str, right_id: str) -> Alternative:
        """Return what forcing one pair costs; 0 for a pair of the match, None with the reason."""
        i, j = self._left_at[left_id], self._right_at[right_id]
        solution = self.solve()
        if any(p.left == left_id and p.right == right_id for p in solution.pairs):
            return Alternative(right_id, self.table.score_of(i, j), 0, 0)
        reason = self._why_not(i, j)
        if reason:
            return Alternative(right_id, max(0, self.table.score_of(i, j)), None, None, reason)
        if self.instance.needs_milp or not solution.optimal:
            return self._regret_by_solving(i, j)
        forced = self._regrets().forced(i, enough=self.table.shape[1])
        return self._forced(i, j, float(forced.cost[j]))

    def terms(self, left_id: str, right_id: str) -> dict[str, int]:
        """Return what each criterion gives to a pair, in points; empty for given scores."""
        if self.table.scorer is None:
            return {}
        return self.table.scorer.points(self._left_at[left_id], self._right_at[right_id])

    def explain(self, left_id: str, right_id: str) -> str:
        """Return the score of a pair as a sentence."""
        i, j = self._left_at[left_id], self._right_at[right_id]
        if self.table.scorer is None:
            return f"{left_id} and {right_id}: the score was given with the input."
        return self.table.scorer.sentence(i, j)

    def _regrets(self) -> RegretGraph:
        if self._graph is None:
            assert self._optimum is not None  # noqa: S101 - solve() came before
            self._graph = RegretGraph(self.table, self._optimum.flow)
        return self._graph

    def _forced(self, i: int, j: int, cost: float) -> Alternative:
        right, score = self.instance.right[j].id, self.table.score_of(i, j)
        if cost == float("inf"):
            return Alternative(right, score, None, None, self._full(i, j))
        units, pairs, points = Objective.of(self.instance).split(int(cost))
        if units:
            reason = f"A minimum would be missed by {units} more."
            return Alternative(right, score, None, None, reason)
        return Alternative(right, score, points, pairs)

    def _not_forceable(self, i: int, partners: set[int], count: int) -> list[Alternative]:
        scores = self.table.plain(i, i + 1)[0]
        order = sorted((-int(s), j) for j, s in enumerate(scores.tolist()) if j not in partners)
        return [
            self.regret(self.instance.left[i].id, self.instance.right[j].id)
            for _, j in order[:count]
        ]

    def _why_not(self, i: int, j: int) -> str:
        """Return why a pair is not allowed; empty when it is."""
        instance, score = self.instance, self.table.score_of(i, j)
        if (i, j) in instance.forbidden:
            return "The pair is forbidden."
        if score < 0:
            return "The input gives no score for this pair."
        if score < instance.min_score:
            return f"The score is below the minimum of {instance.min_score:,}."
        if self._full(i, j, only_certain=True):
            return self._full(i, j)
        return ""

    def _full(self, i: int, j: int, *, only_certain: bool = False) -> str:
        """Return which rule leaves no room for a pair beside the locked ones."""
        instance = self.instance
        left, right = instance.left[i], instance.right[j]
        if sum(p[0] == i for p in instance.locked) >= left.capacity:
            return f"Locked pairs (or a capacity of 0) leave no room for {left.id}."
        if sum(p[1] == j for p in instance.locked) >= right.capacity:
            return f"Locked pairs (or a capacity of 0) leave no room for {right.id}."
        for country, quotas, held in (
            (
                left.country,
                instance.left_quotas,
                [instance.left[a].country for a, _ in instance.locked],
            ),
            (
                right.country,
                instance.right_quotas,
                [instance.right[b].country for _, b in instance.locked],
            ),
        ):
            quota = quotas.get(country, Quota())
            if quota.maximum is not None and held.count(country) >= quota.maximum:
                return f"The maximum of {quota.maximum} for {country} leaves no room."
        return "" if only_certain else "The other rules leave no room for this pair."

    def _regret_by_solving(self, i: int, j: int) -> Alternative:
        """Find a regret by forcing the pair and solving again: for rules outside the network."""
        n, m = self.table.shape
        right, score = self.instance.right[j].id, self.table.score_of(i, j)
        if n * m > MILP_REGRET_PAIRS:
            reason = "Not computed: a rule outside the network makes each answer a new solution."
            return Alternative(right, score, None, None, reason)
        try:
            forced = replace(self.instance, locked=self.instance.locked | {(i, j)})
            check_locks(forced)
        except MatchingInputError as error:
            return Alternative(right, score, None, None, str(error))
        best = self.solve()
        other = Session(forced, block=self._block, milp_seconds=self._milp_seconds).solve()
        if not (best.optimal and other.optimal):
            return Alternative(right, score, None, None, "Not proved within the time limit.")
        if sum(u.missing for u in other.unmet) > sum(u.missing for u in best.unmet):
            return Alternative(right, score, None, None, "A minimum would be missed.")
        return Alternative(
            right,
            score,
            best.total_score - other.total_score,
            len(best.pairs) - len(other.pairs),
        )

    def _alternatives_by_solving(self, i: int, partners: set[int], count: int) -> list[Alternative]:
        scores = self.table.plain(i, i + 1)[0]
        columns = [j for j in range(len(scores)) if j not in partners]
        if len(scores) * self.table.shape[0] > MILP_REGRET_PAIRS:
            columns = sorted(columns, key=lambda j: (-int(scores[j]), j))[:count]
        found = [self.regret(self.instance.left[i].id, self.instance.right[j].id) for j in columns]
        known = sorted(
            (a for a in found if a.regret is not None), key=lambda a: (a.regret, -a.score, a.right)
        )
        unknown = sorted((a for a in found if a.regret is None), key=lambda a: (-a.score, a.right))
        return (known or unknown)[:count]

    # Changing ---------------------------------------------------------------------------

    def lock(self, left_id: str, right_id: str) -> None:
        """Keep a pair in every solution from now on."""
        pair = self._ids(left_id, right_id)
        if pair in self.instance.forbidden:
            message = f"{left_id} and {right_id} are forbidden; allow the pair first."
            raise MatchingInputError("locked", message)
        self._change(locked=self.instance.locked | {pair})

    def unlock(self, left_id: str, right_id: str) -> None:
        """Let the solver decide on a pair again."""
        self._change(locked=self.instance.locked - {self._ids(left_id, right_id)})

    def forbid(self, left_id: str, right_id: str) -> None:
        """Keep a pair out of every solution from now on."""
        pair = self._ids(left_id, right_id)
        if pair in self.instance.locked:
            message = f"{left_id} and {right_id} are locked; unlock the pair first."
            raise MatchingInputError("forbidden", message)
        self._change(forbidden=self.instance.forbidden | {pair})

    def allow(self, left_id: str, right_id: str) -> None:
        """Take a ban back."""
        self._change(forbidden=self.instance.forbidden - {self._ids(left_id, right_id)})

    def set_quota(self, side: str, country: str, quota: Quota | None) -> None:
        """Set (None: remove) the bounds of a country; `side` is "left" or "right"."""
        name = {"left": "left_quotas", "right": "right_quotas"}[side]
        quotas = {k: v for k, v in getattr(self.instance, name).items() if k != country}
        if quota is not None:
            quotas[country] = quota
        self._change(**{name: quotas})

    def set_weights(self, weights: dict[str, float]) -> None:
        """Weigh the criteria anew; all scores are computed again."""
        self.instance = replace(self.instance, weights={**self.instance.weights, **weights})
        self.table = ScoreTable(self.instance, block=self._block, progress=self._progress)
        self._known = None
        self._forget()

    def _ids(self, left_id: str, right_id: str) -> tuple[int, int]:
        try:
            return self._left_at[left_id], self._right_at[right_id]
        except KeyError as error:
            raise MatchingInputError("", f"{error.args[0]!r} is no city of that side.") from error

    def _change(self, **rules: Any) -> None:
        changed = replace(self.instance, **rules)
        check_locks(changed)
        self.instance = changed
        self.table.use(changed)
        self._forget()

    def _forget(self) -> None:
        self._optimum = self._solution = self._graph = None
