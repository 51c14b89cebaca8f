"""The engine against brute force: totals, proofs, regrets, candidates and blocks."""

import contextlib
import json
from dataclasses import replace
from unittest import mock

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pairings.matching.engine import Instance, MatchingInputError, Session, read_instance
from pairings.matching.engine.instance import check_locks
from tests.pairings.matching.brute import best_match
from tests.pairings.matching.strategies import instances

pytestmark = pytest.mark.once

QUICK = settings(
    deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def check_solution(instance: Instance, session: Session) -> None:
    solution = session.solve()
    best = best_match(instance, instance.scores or {})
    assert best is not None
    assert sum(rule.missing for rule in solution.unmet) == best.missing
    assert len(solution.pairs) == best.pairs
    assert solution.total_score == best.score
    assert solution.optimal
    assert solution.certificate.bound == best.score
    assert solution.certificate.gap == 0


@QUICK
@given(instances())
def test_solution_equals_brute_force(instance: Instance):
    check_solution(instance, Session(instance))


@QUICK
@given(instances(), st.integers(1, 3))
def test_solution_from_few_candidates_equals_brute_force(instance: Instance, block: int):
    with (
        mock.patch("pairings.matching.engine.optimum.SMALL", 0),
        mock.patch("pairings.matching.engine.optimum.PER_ROW", 1),
        mock.patch("pairings.matching.engine.optimum.MOST_PER_ROW", 1),
    ):
        check_solution(instance, Session(instance, block=block))


@settings(parent=QUICK, max_examples=60)
@given(instances(outside=True, size=3))
def test_rules_outside_the_network_equal_brute_force(instance: Instance):
    check_solution(instance, Session(instance))


@settings(parent=QUICK, max_examples=40)
@given(instances(outside=True, size=3))
def test_few_candidates_under_rules_outside_never_claim_too_much(instance: Instance):
    assume(instance.needs_milp)
    with (
        mock.patch("pairings.matching.engine.outside.MILP_PAIRS", 0),
        mock.patch("pairings.matching.engine.optimum.SMALL", 0),
        mock.patch("pairings.matching.engine.optimum.PER_ROW", 1),
    ):
        solution = Session(instance).solve()
    best = best_match(instance, instance.scores or {})
    assert best is not None
    if solution.optimal:
        assert solution.total_score == best.score
    if solution.certificate.bound is not None and not best.missing and not instance.pairs_first:
        assert solution.certificate.bound >= best.score


def check_regrets(instance: Instance, session: Session) -> None:
    best = best_match(instance, instance.scores or {})
    assert best is not None
    solution = session.solve()
    chosen = {(pair.left, pair.right) for pair in solution.pairs}
    for i, left in enumerate(instance.left):
        expected = {}
        for j, right in enumerate(instance.right):
            found = session.regret(left.id, right.id)
            if (left.id, right.id) in chosen:
                assert (found.regret, found.pairs_lost) == (0, 0)
                continue
            forced = forced_best(instance, i, j)
            if forced is None or forced.missing > best.missing:
                assert found.regret is None, (left.id, right.id)
                assert found.reason.endswith(".")
                continue
            assert found.regret == best.score - forced.score, (left.id, right.id)
            assert found.pairs_lost == best.pairs - forced.pairs
            expected[right.id] = found.regret
        shown = session.alternatives(left.id)
        if expected:
            assert [a.regret for a in shown] == _cheapest(instance, shown, expected)
        else:
            assert all(a.regret is None and a.reason for a in shown)


def _cheapest(instance: Instance, shown: list, expected: dict[str, int]) -> list[int]:
    if instance.pairs_first:
        # Ranked by pairs lost first; the set is checked by each regret above.
        return [expected[a.right] for a in shown]
    return sorted(expected.values())[:5]


def forced_best(instance: Instance, i: int, j: int):
    if (i, j) in instance.forbidden or (instance.scores or {}).get((i, j), -1) < instance.min_score:
        return None
    forced = replace(instance, locked=instance.locked | {(i, j)})
    try:
        check_locks(forced)
    except MatchingInputError:
        return None
    return best_match(forced, instance.scores or {})


@QUICK
@given(instances())
def test_every_regret_equals_a_forced_solution(instance: Instance):
    check_regrets(instance, Session(instance))


@settings(parent=QUICK, max_examples=80)
@given(instances())
def test_regrets_from_a_graph_that_grows_are_exact(instance: Instance):
    with (
        mock.patch("pairings.matching.engine.optimum.SMALL", 0),
        mock.patch("pairings.matching.engine.optimum.PER_ROW", 1),
        mock.patch("pairings.matching.engine.near.SMALL", 0),
        mock.patch("pairings.matching.engine.near.KEPT", 0),
    ):
        check_regrets(instance, Session(instance))


@settings(parent=QUICK, max_examples=25)
@given(instances(outside=True, size=3))
def test_regrets_under_rules_outside_the_network(instance: Instance):
    assume(instance.needs_milp)
    check_regrets(instance, Session(instance))


@settings(parent=QUICK, max_examples=60)
@given(instances(outside=True, size=3))
def test_regrets_from_the_match_without_those_rules_are_exact_or_a_bound(instance: Instance):
    assume(instance.needs_milp)
    with mock.patch("pairings.matching.engine.costs.MILP_REGRET_PAIRS", 0):
        session = Session(instance)
        best = best_match(instance, instance.scores or {})
        assert best is not None
        for i, left in enumerate(instance.left):
            for found in [
                *session.alternatives(left.id),
                *(session.regret(left.id, right.id) for right in instance.right),
            ]:
                j = [right.id for right in instance.right].index(found.right)
                forced = forced_best(instance, i, j)
                if found.regret is not None:
                    assert forced is not None
                    assert found.regret == best.score - forced.score
                    assert found.pairs_lost == best.pairs - forced.pairs
                elif found.at_least is not None and forced is not None:
                    assert found.at_least <= best.score - forced.score


@QUICK
@given(instances(), st.data())
def test_who_else_changes_makes_the_best_match_with_the_pair(
    instance: Instance, data: st.DataObject
):
    session = Session(instance)
    left, right = (data.draw(st.sampled_from(side)) for side in (instance.left, instance.right))
    cost = session.regret(left.id, right.id)
    if cost.regret is None:
        return
    changes = session.changes(left.id, right.id)
    if cost.regret == 0 == cost.pairs_lost and not changes:
        return
    match = {(pair.left, pair.right) for pair in session.solve().pairs}
    for one in changes:
        pairs = [
            [(one.id, x) if one.side == "left" else (x, one.id) for x in some]
            for some in (one.lost, one.gained)
        ]
        match = (match - set(pairs[0])) | set(pairs[1])
    assert (left.id, right.id) in match
    assert [one.id for one in changes[:2]] == [left.id, right.id]
    places = {city.id: k for side in (instance.left, instance.right) for k, city in enumerate(side)}
    scores = [(instance.scores or {})[places[a], places[b]] for a, b in match]
    solution = session.solve()
    assert sum(scores) == solution.total_score - cost.regret
    assert len(match) == len(solution.pairs) - (cost.pairs_lost or 0)


@settings(parent=QUICK, max_examples=60)
@given(instances(), st.data())
def test_a_changed_session_equals_a_new_one(instance: Instance, data: st.DataObject):
    session = Session(instance)
    session.solve()
    for _ in range(3):
        left = data.draw(st.sampled_from(instance.left)).id
        right = data.draw(st.sampled_from(instance.right)).id
        change = data.draw(st.sampled_from(["lock", "unlock", "forbid", "allow"]))
        before = session.instance
        try:
            getattr(session, change)(left, right)
        except MatchingInputError:
            assert session.instance == before
        check_solution(session.instance, session)


@settings(parent=QUICK, max_examples=60)
@given(instances(), st.booleans(), st.data())
def test_a_restored_session_answers_and_solves_again_as_a_new_one(
    instance: Instance, whole: bool, data: st.DataObject
):
    with (
        mock.patch("pairings.matching.engine.near.SMALL", 20_000 if whole else 0),
        mock.patch("pairings.matching.engine.near.KEPT", 0),
        mock.patch("pairings.matching.engine.near.FEW_ROWS", 1),
    ):
        stored = json.loads(json.dumps(Session(instance).potentials()))
        check_regrets(instance, Session.restore(instance, stored))
        session = Session.restore(instance, stored)
        for _ in range(2):
            left = data.draw(st.sampled_from(instance.left)).id
            right = data.draw(st.sampled_from(instance.right)).id
            change = data.draw(st.sampled_from(["lock", "unlock", "forbid", "allow"]))
            with contextlib.suppress(MatchingInputError):
                getattr(session, change)(left, right)
            check_solution(session.instance, session)
            certificate = session.solve().certificate
            if certificate.rounds:
                assert certificate.priced == _left_out(session)


def _left_out(session: Session) -> int:
    """Return how many allowed pairs the network leaves out, counted one by one."""
    assert session._optimum is not None
    allowed = sum(int((rows >= 0).sum()) for _, rows in session.table.blocks())
    return allowed - len(session._optimum.pairs)


@settings(parent=QUICK, max_examples=40)
@given(instances(outside=True, size=3))
def test_a_restored_session_keeps_what_the_general_solver_found(instance: Instance):
    assume(instance.needs_milp)
    session = Session(instance)
    restored = Session.restore(instance, json.loads(json.dumps(session.potentials())))
    assert restored.solve().pairs == session.solve().pairs
    assert restored.solve().certificate == session.solve().certificate


def test_potentials_of_another_instance_are_refused():
    scores = [["a", "c", 9], ["a", "d", 5], ["b", "c", 4], ["b", "d", 3]]
    one = read_instance(
        {
            "left": [{"id": "a", "country": "FR"}, {"id": "b", "country": "FR"}],
            "right": [{"id": "c", "country": "IN"}, {"id": "d", "country": "IN"}],
            "scores": scores,
        }
    )
    stored = Session(one).potentials()
    for name, value in (("prices", {**stored["prices"], "sink": 99}), ("chosen", [[0, 1]])):
        with pytest.raises(MatchingInputError, match="not of this instance"):
            Session.restore(one, stored | {name: value})


@QUICK
@given(instances())
def test_blocking_pairs_are_wanted_by_both_sides(instance: Instance):
    session = Session(instance)
    solution = session.solve()
    listed = {(b.left, b.right) for b in solution.blocking_pairs}
    assert len(listed) == solution.blocking_count
    chosen = {(p.left, p.right): p for p in solution.pairs}
    for i, left in enumerate(instance.left):
        for j, right in enumerate(instance.right):
            score = (instance.scores or {}).get((i, j), -1)
            ok = score >= instance.min_score and (i, j) not in instance.forbidden
            wanted = (
                ok
                and (left.id, right.id) not in chosen
                and _would_take(instance, solution, left, "left", score)
                and _would_take(instance, solution, right, "right", score)
            )
            assert ((left.id, right.id) in listed) == wanted


def _would_take(instance: Instance, solution, city, side: str, score: int) -> bool:
    own = [p for p in solution.pairs if getattr(p, side) == city.id]
    cities = instance.left if side == "left" else instance.right
    quotas = instance.left_quotas if side == "left" else instance.right_quotas
    country = {c.id: c.country for c in cities}
    used = sum(country[getattr(p, side)] == city.country for p in solution.pairs)
    quota = quotas.get(city.country)
    free = quota is None or quota.maximum is None or used < quota.maximum
    room = len(own) < city.capacity and free
    return room or any(p.score < score for p in own if not p.locked)
