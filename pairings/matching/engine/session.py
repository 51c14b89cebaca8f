"""A match that is solved, asked and changed: the way staff work with it."""

from dataclasses import replace
from typing import Any

from pairings.matching.engine.costs import ALTERNATIVES, Alternative, Changed, Costs
from pairings.matching.engine.instance import (
    Instance,
    IntArray,
    MatchingInputError,
    Quota,
    check_locks,
)
from pairings.matching.engine.milp import DEFAULT_SECONDS
from pairings.matching.engine.near import Near
from pairings.matching.engine.optimum import Optimum, choose_candidates, optimise
from pairings.matching.engine.outside import from_network, solve_outside
from pairings.matching.engine.report import Solution
from pairings.matching.engine.stored import potentials_of, restored
from pairings.matching.engine.table import Pairs, Progress, ScoreTable


class Session:
    """One instance, solved; change it and solve again, asking in between.

    Scores are computed once and kept (while they fit); a change of locks, bans, quotas or
    the minimum score keeps them, and the pairs near the last solution. Methods that change
    raise MatchingInputError and change nothing when the new rule cannot hold.
    """

    def __init__(
        self,
        instance: Instance,
        *,
        block: int | None = None,
        progress: Progress | None = None,
        milp_seconds: float = DEFAULT_SECONDS,
    ) -> None:
        self._progress, self._block, self._milp_seconds = progress, block, milp_seconds
        self._begin(instance)

    def _begin(self, instance: Instance) -> None:
        self.instance = instance
        self.table = ScoreTable(instance, block=self._block, progress=self._progress)
        self._left_at = {city.id: i for i, city in enumerate(instance.left)}
        self._right_at = {city.id: j for j, city in enumerate(instance.right)}
        # All pairs that were ever candidates: bans only hide them.
        self._known: Pairs | None = None
        # What is known near the last optimum, and its prices.
        self._near: Near | None = None
        self._prices: IntArray | None = None
        self._forget()

    def _forget(self) -> None:
        self._optimum: Optimum | None = None
        self._solution: Solution | None = None
        self._asked: Costs | None = None

    # Solving ----------------------------------------------------------------------------

    def solve(self) -> Solution:
        """Return the best match under the rules as they are now; solved once per change."""
        if self._solution is None:
            self._optimum = self._solve_network()
            if self.instance.needs_milp:
                self._solution = solve_outside(
                    self.instance, self.table, self._optimum, self._milp_seconds
                )
            else:
                self._solution = from_network(self.instance, self.table, self._optimum)
        return self._solution

    def _solve_network(self) -> Optimum:
        if self._known is None:
            self._known = choose_candidates(self.table)
        known = self._known if self._near is None else self._near.closest()
        begin = self.table.keeps(known)
        optimum = optimise(self.instance, self.table, begin, near=self._near, warm=self._prices)
        self._known = self._known.union(optimum.pairs, self.table.shape[1])
        self._near, self._prices = optimum.near, optimum.flow.prices
        return optimum

    # In another process -----------------------------------------------------------------

    def potentials(self) -> dict[str, Any]:
        """Return what another process needs to ask and to solve again, as JSON takes it.

        Prices, the match, and the pairs near them with their scores (docs/matching.md).
        """
        solution = self.solve()
        assert self._optimum is not None  # noqa: S101 - solve() came before
        return potentials_of(solution, self._optimum, self.near())

    @classmethod
    def restore(cls, instance: Instance, potentials: dict[str, Any], **options: Any) -> "Session":
        """Return a session that is solved already; `options` as for a new one.

        MatchingInputError where the potentials are not of this instance.
        """
        session = cls(instance, **options)
        session._solution, session._optimum = restored(instance, session.table, potentials)
        session._known, session._near = session._optimum.pairs, session._optimum.near
        session._prices = session._optimum.flow.prices
        return session

    def near(self) -> Near:
        """Return the pairs near the solution."""
        self.solve()
        assert self._optimum is not None  # noqa: S101 - solve() came before
        if self._near is None:
            self._near = Near.collect(self.table, self._optimum.flow)
        return self._near

    # Asking -----------------------------------------------------------------------------

    def alternatives(self, left_id: str, *, count: int = ALTERNATIVES) -> list[Alternative]:
        """Return the partners of least regret that the city does not have, best first.

        KeyError for an unknown id. Where no partner can be forced, the highest scores with
        the reason.
        """
        return self._costs().alternatives(self._left_at[left_id], count)

    def regret(self, left_id: str, right_id: str) -> Alternative:
        """Return what forcing one pair costs; 0 for a pair of the match, None with the reason."""
        return self._costs().regret(self._left_at[left_id], self._right_at[right_id])

    def changes(self, left_id: str, right_id: str) -> list[Changed]:
        """Return who changes partners when a pair is forced at least cost, these two first.

        MatchingInputError where it cannot be forced, or where that is not known.
        """
        return self._costs().changes(*self.indexes(left_id, right_id))

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

    def _costs(self) -> Costs:
        if self._asked is None:
            solution = self.solve()
            assert self._optimum is not None  # noqa: S101 - solve() came before
            self._asked = Costs(solution, self._optimum, self.near(), self._another)
        return self._asked

    def _another(self, instance: Instance) -> Solution:
        return Session(instance, block=self._block, milp_seconds=self._milp_seconds).solve()

    # Changing ---------------------------------------------------------------------------

    def lock(self, left_id: str, right_id: str) -> None:
        """Keep a pair in every solution from now on."""
        pair = self.indexes(left_id, right_id)
        if pair in self.instance.forbidden:
            message = f"{left_id} and {right_id} are forbidden; allow the pair first."
            raise MatchingInputError("locked", message)
        self._change(locked=self.instance.locked | {pair})

    def unlock(self, left_id: str, right_id: str) -> None:
        """Let the solver decide on a pair again."""
        self._change(locked=self.instance.locked - {self.indexes(left_id, right_id)})

    def forbid(self, left_id: str, right_id: str) -> None:
        """Keep a pair out of every solution from now on."""
        pair = self.indexes(left_id, right_id)
        if pair in self.instance.locked:
            message = f"{left_id} and {right_id} are locked; unlock the pair first."
            raise MatchingInputError("forbidden", message)
        self._change(forbidden=self.instance.forbidden | {pair})

    def allow(self, left_id: str, right_id: str) -> None:
        """Take a ban back."""
        self._change(forbidden=self.instance.forbidden - {self.indexes(left_id, right_id)})

    def set_quota(self, side: str, country: str, quota: Quota | None) -> None:
        """Set (None: remove) the bounds of a country; `side` is "left" or "right"."""
        name = {"left": "left_quotas", "right": "right_quotas"}[side]
        quotas = {k: v for k, v in getattr(self.instance, name).items() if k != country}
        if quota is not None:
            quotas[country] = quota
        self._change(**{name: quotas})

    def set_weights(self, weights: dict[str, float]) -> None:
        """Weigh the criteria anew; all scores are computed again."""
        self._begin(replace(self.instance, weights={**self.instance.weights, **weights}))

    def use(self, instance: Instance) -> None:
        """Go on with other rules; what is known stays where cities and weights are the same."""
        old = self.instance
        if (old.left, old.right, old.weights, old.scores) == (
            *(instance.left, instance.right, instance.weights, instance.scores),
        ):
            self._lay(instance)
        else:
            self._begin(instance)

    def indexes(self, left_id: str, right_id: str) -> tuple[int, int]:
        """Return the places of two cities in the instance."""
        try:
            return self._left_at[left_id], self._right_at[right_id]
        except KeyError as error:
            raise MatchingInputError("", f"{error.args[0]!r} is no city of that side.") from error

    def _change(self, **rules: Any) -> None:
        changed = replace(self.instance, **rules)
        check_locks(changed)
        self._lay(changed)

    def _lay(self, instance: Instance) -> None:
        """Lay other rules over the same scores."""
        self.instance = instance
        self.table = self.table.under(instance)
        self._forget()
