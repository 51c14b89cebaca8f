"""Results: weighted totals, what counts, and where assessors differ."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.states import StaffRole
from applications.assessment.engine.points import mean, rounded, spread, weighted_total
from applications.assessment.models import Agreed
from applications.assessment.selectors import result_of, results_of
from tests.factories.applications import (
    AssignmentFactory,
    ConflictFactory,
    EligibleApplicationFactory,
    SubmittedApplicationFactory,
)
from tests.factories.assessment import AssessmentFactory, AssessmentPlanFactory, HandedInFactory
from tests.factories.programme import AssessmentCriterionFactory, CallFactory

halves = st.integers(0, 10).map(lambda n: Decimal(n) / 2)


@given(
    st.lists(st.tuples(st.integers(1, 100), st.lists(halves, min_size=1, max_size=4)), max_size=6)
)
def test_total_equals_a_naive_recomputation(rows):
    total = weighted_total((weight, 5, mean(values)) for weight, values in rows)
    if not rows:
        assert total is None
        return
    weights = sum(weight for weight, _values in rows)
    naive = sum(
        Fraction(weight, weights) * sum(map(Fraction, values)) / len(values) / 5
        for weight, values in rows
    )
    assert abs(Fraction(total) - naive * 100) <= Fraction(1, 200)
    assert 0 <= total <= 100


def test_total_is_none_while_a_criterion_has_no_points():
    assert weighted_total([(50, 5, Fraction(3)), (50, 5, None)]) is None


def test_halves_of_a_cent_go_up():
    assert rounded(Fraction(1, 200)) == Decimal("0.01")
    assert rounded(Fraction(1, 3)) == Decimal("0.3333").quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert (spread([]), mean([])) == (0, None)


@pytest.fixture
def criteria(db):
    call = CallFactory()
    return [
        AssessmentCriterionFactory(call=call, weight=weight, order=n)
        for n, weight in enumerate((60, 40))
    ]


def scored(criteria, *readings, application=None):
    """An application with one assessment handed in for each list of points."""
    application = application or EligibleApplicationFactory(call=criteria[0].call)
    for points in readings:
        HandedInFactory(
            assignment=AssignmentFactory(application=application),
            scores=dict(zip(criteria, map(Decimal, points), strict=True)),
        )
    return application


def test_total_is_the_weighted_mean_of_what_was_handed_in(criteria):
    result = result_of(scored(criteria, ("4", "3"), ("5", "2")))
    # 60 % of 4.5 and 40 % of 2.5, of 5 each.
    assert result.total == Decimal("74.00")
    assert [part.value for part in result.by_criterion] == [Decimal("4.50"), Decimal("2.50")]
    assert (result.is_complete, result.needs_consensus) == (True, False)


def test_drafts_and_scores_of_who_has_a_link_do_not_count(criteria):
    application = scored(criteria, ("4", "3"))
    linked = AssignmentFactory(application=application)
    HandedInFactory(assignment=linked, scores=dict.fromkeys(criteria, 0))
    ConflictFactory(application=application, person=linked.assessor)
    assert result_of(application).is_complete
    AssessmentFactory(assignment=AssignmentFactory(application=application))
    result = result_of(application)
    assert result.total == Decimal("72.00")
    assert (result.assigned, result.handed_in, result.is_complete) == (2, 1, False)


@pytest.mark.parametrize("gone", [{"is_active": False}, {"staff_role": StaffRole.OBSERVER}])
def test_who_has_left_is_not_waited_for_and_counts_with_what_is_in(criteria, gone):
    application = scored(criteria, ("4", "3"), ("4", "3"))
    begun = AssessmentFactory(assignment=AssignmentFactory(application=application))
    AssignmentFactory(application=application, assessor__is_active=False)
    assert not result_of(application).is_complete

    handed_in = application.assignments.filter(assessment__status="handed_in").first()
    for person in (begun.assignment.assessor, handed_in.assessor):
        type(person).objects.filter(pk=person.pk).update(**gone)
    result = result_of(application)
    assert (result.assigned, result.handed_in, result.is_complete) == (2, 2, True)


def test_nobody_has_handed_in(criteria):
    result = result_of(EligibleApplicationFactory(call=criteria[0].call))
    assert (result.total, result.is_complete, result.needs_consensus) == (None, False, False)


def test_spread_above_the_plan_asks_for_a_talk_until_all_agree(criteria):
    application = scored(criteria, ("4.5", "3"), ("2.5", "3"))
    assert result_of(application).needs_consensus
    plan = AssessmentPlanFactory(call=application.call, spread=2)
    assert not result_of(application).needs_consensus
    plan.spread = 1
    plan.save()

    agreed = Agreed.objects.create(
        application=application, criterion=criteria[0], value=4, sentence="Annex 2."
    )
    people = [row.assessor for row in application.assignments.all()]
    agreed.agreements.create(person=people[0])
    assert result_of(application).needs_consensus
    assert result_of(application).total == Decimal("66.00")
    agreed.agreements.create(person=people[1])
    result = result_of(application)
    assert not result.needs_consensus
    assert result.by_criterion[0].value == 4
    assert result.total == Decimal("72.00")


def test_results_of_a_call_stand_best_first(criteria):
    low, high = scored(criteria, ("1", "1")), scored(criteria, ("5", "5"))
    none = EligibleApplicationFactory(call=criteria[0].call)
    tie = scored(criteria, ("1", "1"))
    SubmittedApplicationFactory(call=criteria[0].call)
    scored([AssessmentCriterionFactory(weight=100)], ("5",))

    rows = results_of(criteria[0].call)
    assert [row.application for row in rows] == [high, *sorted((low, tie), key=str), none]
    assert rows == [result_of(row.application) for row in rows]


@pytest.mark.parametrize("number", [1, 3])
def test_results_take_the_same_queries(criteria, django_assert_num_queries, number):
    for _ in range(number):
        application = scored(criteria, ("1", "1"), ("4", "4"))
        Agreed.objects.create(
            application=application, criterion=criteria[0], value=4, sentence="So."
        )
    with django_assert_num_queries(7):
        results_of(criteria[0].call)
