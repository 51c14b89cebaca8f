"""The curve of total and worst-off, and the reach of weights, against trying everything."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pairings.matching.engine import Instance, Session
from pairings.matching.engine.fairness import MOST_TIMES, curve, weight_interval
from pairings.matching.engine.instance import missing_units
from pairings.matching.engine.scoring import Scorer
from pairings.matching.engine.tilting import PARTS, STEPS
from pairings.matching.engine.weights import TERMS
from tests.pairings.matching.brute import best_match, keeps_rules, matches
from tests.pairings.matching.strategies import instances
from tests.pairings.matching.test_optimum import QUICK
from tests.pairings.matching.test_scoring import instance as drawn

pytestmark = pytest.mark.once


def frontier(instance: Instance) -> list[tuple[int, int]]:
    """Return (total, worst) of the matches that nothing betters, by trying everything."""
    best = best_match(instance, instance.scores or {})
    assert best is not None
    held = max(instance.min_pairs, best.pairs)
    found: set[tuple[int, int]] = set()
    for bound in sorted({instance.min_score, *(instance.scores or {}).values()}):
        other = replace(instance, min_score=max(bound, instance.min_score), min_pairs=held)
        one = best_match(other, instance.scores or {})
        assert one is not None
        if one.missing <= best.missing:
            found.add((one.score, bound))
    return sorted({(total, max(b for t, b in found if t == total)) for total, _ in found})


@settings(parent=QUICK, max_examples=60)
@given(instances())
def test_curve_equals_brute_force(instance: Instance):
    assume(instance.scores)
    points = curve(Session(instance))
    assert all(point.proved for point in points)
    assert [point.bound for point in points] == sorted({point.bound for point in points})
    if any(point.worst is None for point in points):
        # All that is paired is locked: nothing to lift.
        return
    assert sorted((point.total, point.worst) for point in points) == frontier(instance)


@settings(parent=QUICK, max_examples=15)
@given(instances(outside=True, size=3))
def test_a_point_is_the_match_of_its_rules(instance: Instance):
    for point in curve(Session(instance)):
        rules = replace(instance, min_score=point.bound, min_pairs=point.held)
        best = best_match(rules, instance.scores or {})
        assert best is not None
        assert (best.score, best.pairs) == (point.total, point.pairs)


def test_a_long_curve_keeps_both_ends():
    session = Session(drawn(left=9, right=9))
    whole = curve(session)
    assert len(whole) > 2
    assert curve(session, most=2) == [whole[0], whole[-1]]
    assert session.solve().total_score == whole[0].total


def keeps(instance: Instance, steps: dict[str, int], pair: tuple[int, int]) -> bool:
    """Return whether a pair is in a best match, by trying everything; weights in steps."""
    terms = dict(zip(TERMS, Scorer(instance).terms(0, len(instance.left)), strict=True))
    values = sum(
        steps[name] * np.rint(terms[name].astype(np.float64) * PARTS).astype(np.int64)
        for name in TERMS
    )
    allowed = {
        (i, j): int(score)
        for (i, j), score in np.ndenumerate(Scorer(instance).block(0, len(instance.left)))
    }
    best: dict[bool, tuple[int, int]] = {}
    for pairs in matches(instance, allowed):
        if keeps_rules(instance, pairs):
            key = -missing_units(instance, pairs), sum(int(values[one]) for one in pairs)
            best[pair in pairs] = max(best.get(pair in pairs, key), key)
    return True in best and (False not in best or best[True] >= best[False])


@settings(parent=QUICK, max_examples=12)
@given(st.integers(0, 10_000), st.data())
def test_a_pair_stays_to_the_ends_of_its_reach_and_not_a_step_further(
    seed: int, data: st.DataObject
):
    rules = data.draw(
        st.sampled_from([{}, {"min_score": 2_500}, {"pairs_first": True}, {"min_pairs": 3}])
    )
    instance = drawn(left=3, right=4, seed=seed, **rules)
    pairs = Session(instance).solve().pairs
    assume(pairs)
    one = data.draw(st.sampled_from(pairs))
    at = (
        [city.id for city in instance.left].index(one.left),
        [city.id for city in instance.right].index(one.right),
    )
    step = sum(instance.weights.values()) / STEPS
    steps = {name: round(weight / step) for name, weight in instance.weights.items()}
    assume(keeps(instance, steps, at))
    for term, (low, high) in weight_interval(Session(instance), one.left, one.right).items():
        first = round(low / step)
        last = MOST_TIMES * (STEPS - steps[term]) if high is None else round(high / step)
        assert first <= steps[term] <= last
        inside = [first, last, data.draw(st.integers(first, last))]
        assert all(keeps(instance, {**steps, term: weight}, at) for weight in inside)
        assert first == 0 or not keeps(instance, {**steps, term: first - 1}, at)
        assert high is None or not keeps(instance, {**steps, term: last + 1}, at)
