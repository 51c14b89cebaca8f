"""Talks: a value proposed, agreed to by all, cancelled by an edit."""

from decimal import Decimal

import pytest
from django.urls import reverse

from applications.assessment.models import Agreed, Agreement
from applications.assessment.selectors import result_of
from applications.assessment.services import agree, hand_in, propose_value, reopen_assessment
from applications.models import Application
from applications.states import ApplicationStatus
from core.kit.errors import InvalidError, NotAllowedError, StaleError, WrongStateError
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import AssignmentFactory, EligibleApplicationFactory
from tests.factories.assessment import HandedInFactory
from tests.factories.programme import AssessmentCriterionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO = True  # Staff need no second factor.


@pytest.fixture
def application():
    return EligibleApplicationFactory()


@pytest.fixture
def criteria(application):
    return [AssessmentCriterionFactory(call=application.call, weight=50) for _ in range(2)]


@pytest.fixture
def readers(application, criteria):
    """Two who lie 3 apart on the first criterion, and close on the second."""
    people = []
    for first in ("1.5", "4.5"):
        assignment = AssignmentFactory(application=application)
        HandedInFactory(
            assignment=assignment,
            scores={criteria[0]: Decimal(first), criteria[1]: Decimal(3)},
        )
        people.append(assignment.assessor)
    return people


def propose(application, criterion, by, value="4", sentence="Annex 2 names them.", version=0):
    return propose_value(
        application=application,
        criterion=criterion,
        value=Decimal(value),
        sentence=sentence,
        read_version=version,
        by=by,
    )


def test_value_counts_once_all_agree_and_an_edit_cancels(application, criteria, readers):
    one, other = readers
    row = propose(application, criteria[0], one)
    assert result_of(application).needs_consensus
    result = agree(application=application, seen={row.pk: 1}, by=other)
    assert not result.needs_consensus
    assert result.by_criterion[0].value == 4

    propose(application, criteria[0], other, value="3.5", version=1)
    assert [row.person for row in Agreement.objects.all()] == [other]
    assert result_of(application).needs_consensus
    with pytest.raises(StaleError):
        agree(application=application, seen={row.pk: 1}, by=one)
    agree(application=application, seen={row.pk: 2}, by=one)
    agree(application=application, seen={row.pk: 2}, by=one)
    assert Agreement.objects.count() == 2


def test_same_value_proposed_again_only_agrees(application, criteria, readers):
    propose(application, criteria[0], readers[0])
    row = propose(application, criteria[0], readers[1], version=1)
    assert row.version == 1
    assert not result_of(application).needs_consensus


def test_proposal_is_refused_where_it_makes_no_sense(application, criteria, readers):
    one, other = readers
    for wrong in (
        {"criterion": criteria[1]},
        {"criterion": AssessmentCriterionFactory()},
        {"criterion": criteria[0], "value": "5.5"},
        {"criterion": criteria[0], "sentence": " "},
    ):
        with pytest.raises(InvalidError):
            propose(application, by=one, **wrong)
    propose(application, criteria[0], one)
    with pytest.raises(StaleError):
        propose(application, criteria[0], other, value="2")
    with pytest.raises(NotAllowedError):
        propose(application, criteria[0], CoordinatorFactory())


def test_nothing_to_agree_to_and_decided_meanwhile(application, criteria, readers):
    with pytest.raises(WrongStateError):
        agree(application=application, seen={}, by=readers[0])
    Application.objects.filter(pk=application.pk).update(status=ApplicationStatus.REJECTED)
    with pytest.raises(WrongStateError):
        propose(application, criteria[0], readers[0])


def test_scores_given_back_cancel_what_was_agreed(application, criteria, readers):
    propose(application, criteria[0], readers[0])
    assessment = application.assignments.get(assessor=readers[1]).assessment
    reopen_assessment(assessment=assessment, reason="A slip.", by=CoordinatorFactory())
    assert not Agreement.objects.exists()
    with pytest.raises(NotAllowedError):
        agree(application=application, seen={}, by=readers[1])
    hand_in(application=application, by=readers[1])
    assert result_of(application).needs_consensus


def test_page_shows_proposes_and_agrees(sign_in, application, criteria, readers):
    page = reverse("assessment:consensus", args=[application.reference])
    client = sign_in(readers[0])
    html = client.get(page).content.decode()
    assert "Talk open" in html
    key = criteria[0].key
    typed = {
        "criterion": key,
        f"{key}-value": "4.0",
        f"{key}-sentence": "Annex 2 names them.",
        f"{key}-version": "0",
    }
    assert client.post(page, typed | {"criterion": "none"}).status_code == 404
    assert client.post(page, typed | {f"{key}-sentence": ""}).status_code == 422
    assert client.post(page, typed).status_code == 302
    assert "Annex 2 names them." in client.get(page).content.decode()

    client = sign_in(readers[1])
    row = Agreed.objects.get()
    url = reverse("assessment:agree", args=[application.reference])
    assert client.post(url, {"seen": f"{row.pk}-1"}).url == page
    assert "Nothing to talk about" in client.get(page).content.decode()


def test_coordinator_reads_the_talk_and_does_not_judge(sign_in, application, criteria, readers):
    client = sign_in(CoordinatorFactory())
    page = reverse("assessment:consensus", args=[application.reference])
    assert "Propose a value" not in client.get(page).content.decode()
    assert client.post(page, {"criterion": criteria[0].key}).status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_page_takes_the_same_queries(
    sign_in, django_assert_max_num_queries, application, criteria, readers, number
):
    for _ in range(number):
        criterion = AssessmentCriterionFactory(call=application.call)
        Agreed.objects.create(application=application, criterion=criterion, value=3, sentence="So.")
    client = sign_in(readers[0])
    with django_assert_max_num_queries(22):
        client.get(reverse("assessment:consensus", args=[application.reference]))
