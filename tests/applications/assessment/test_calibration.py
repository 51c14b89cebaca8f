"""How the scale is used: each assessor beside the others on what they share."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from applications.assessment.engine.leaning import Leaning, leanings
from applications.assessment.selectors.calibration import calibration_of
from tests.factories.accounts import AssessorFactory, CoordinatorFactory, ObserverFactory
from tests.factories.applications import (
    AssignmentFactory,
    ConflictFactory,
    EligibleApplicationFactory,
)
from tests.factories.assessment import HandedInFactory
from tests.factories.programme import AssessmentCriterionFactory, CallFactory


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO = True  # Staff need no second factor.


@given(st.lists(st.dictionaries(st.integers(1, 4), st.integers(0, 100).map(Decimal)), max_size=6))
def test_leanings_are_those_worked_out_one_by_one(read):
    found = leanings(read)
    for reader in range(1, 5):
        apart = [
            Fraction(values[reader])
            - Fraction(sum(values.values()) - values[reader]) / (len(values) - 1)
            for values in read
            if reader in values and len(values) > 1
        ]
        expected = Leaning(len(apart), sum(apart, Fraction(0)) / len(apart)) if apart else None
        assert found.get(reader) == expected


def test_two_who_share_all_lean_as_far_to_either_side():
    found = leanings([{1: Decimal(80), 2: Decimal(60)}, {1: Decimal(50), 2: Decimal(40)}])
    assert found == {1: Leaning(2, Fraction(15)), 2: Leaning(2, Fraction(-15))}


@pytest.fixture
def call(db):
    return CallFactory()


@pytest.fixture
def criterion(call):
    return AssessmentCriterionFactory(call=call, title="Challenge", weight=100, max_score=5)


@pytest.fixture
def readers(call):
    return [AssessorFactory(full_name=name) for name in ("Elena Rossi", "Wouter Maes")]


def read(call, criterion, readers, *points):
    application = EligibleApplicationFactory(call=call)
    for reader, value in zip(readers, points, strict=True):
        row = AssignmentFactory(application=application, assessor=reader)
        HandedInFactory(assignment=row, scores={criterion: value})
    return application


def test_who_scores_high_stands_first_with_how_much_they_share(call, criterion, readers):
    for points in ((5, 3), (4, 3), (4, 4)):
        read(call, criterion, readers, *points)
    high, low = calibration_of(CoordinatorFactory(), call)
    assert (high.person, high.shared, high.difference) == (readers[0], 3, Decimal("20.00"))
    assert (low.person, low.difference, low.by) == (readers[1], Decimal("-20.00"), Decimal(-1))
    assert high.widest == criterion
    assert high.is_known
    assert not high.is_alike


def test_what_is_kept_from_the_reader_and_what_does_not_count_is_left_out(call, criterion, readers):
    by = CoordinatorFactory()
    kept = read(call, criterion, readers, 5, 0)
    ConflictFactory(application=kept, person=by)
    other = read(call, criterion, readers, 5, 0)
    ConflictFactory(application=other, person=readers[0])
    assert calibration_of(by, call) == []


def test_page_is_advice_for_coordinators(
    sign_in, django_assert_max_num_queries, call, criterion, readers
):
    page = reverse("assessment:calibration", args=[call.slug])
    assert "Nothing to compare yet" in sign_in(CoordinatorFactory()).get(page).content.decode()
    read(call, criterion, readers, 5, 3)
    client = sign_in(CoordinatorFactory())
    with django_assert_max_num_queries(15):
        html = client.get(page).content.decode()
    assert "Too few to say" in html
    assert "never a verdict" in html
    assert sign_in(ObserverFactory()).get(page).status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_page_takes_the_same_queries(
    sign_in, django_assert_max_num_queries, call, criterion, readers, number
):
    for _ in range(number):
        read(call, criterion, readers, 5, 3)
    client = sign_in(CoordinatorFactory())
    with django_assert_max_num_queries(15):
        client.get(reverse("assessment:calibration", args=[call.slug]))
