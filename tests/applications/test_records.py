"""Submissions and decisions: rows that stay, numbered, proven by their fingerprint."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import reverse

from applications import services
from applications.models import Application, Decision, Submission
from applications.selectors import (
    decision_told,
    decisions_of,
    eligibility_decision,
    standing_decision,
    submission_of,
)
from core.kit.errors import WrongStateError
from core.kit.fingerprints import fingerprint
from core.trail.models import AuditEvent
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import (
    AcceptedApplicationFactory,
    ApplicationFactory,
    DecisionFactory,
    EligibleApplicationFactory,
    SubmissionFactory,
    SubmittedApplicationFactory,
)
from tests.factories.programme import MembershipFactory
from tests.infra.threads import run_in_threads

pytestmark = pytest.mark.django_db


def decide(application, outcome, by, reason="Because."):
    return services.decide_application(
        application=application, outcome=outcome, reason=reason, by=by
    )


def judge(application, by, *, eligible):
    return services.decide_eligibility(
        application=application, eligible=eligible, reason="So it stands.", by=by
    )


# Submissions ------------------------------------------------------------------------


def test_fingerprint_is_that_of_the_stored_snapshot():
    application = SubmittedApplicationFactory(lead={"name": "Łódź", "population": 120_001})
    row = Submission.objects.get(application=application)
    assert row.snapshot["municipalities"][0]["name"] == "Łódź"
    assert row.sha256 == fingerprint(row.snapshot)
    row.snapshot["municipalities"][0]["population"] += 1
    assert row.sha256 != fingerprint(row.snapshot)


def test_nobody_can_state_another_fingerprint():
    row = SubmissionFactory(sha256="0" * 64)
    assert row.sha256 == fingerprint(row.snapshot)


def test_last_submission_stands_and_all_are_kept():
    application = SubmittedApplicationFactory()
    assert application.submissions.next_number() == 2
    again = SubmissionFactory(application=application, number=2)
    assert submission_of(application) == again
    assert application.submissions.count() == 2


def test_draft_has_sent_nothing():
    assert submission_of(ApplicationFactory()) is None


def test_what_was_sent_outlives_the_account_of_who_sent_it(client):
    application = SubmittedApplicationFactory(submission={"by__full_name": "Marta Silva"})
    submission_of(application).by.delete()
    assert submission_of(application).by is None
    client.force_login(MembershipFactory(organisation=application.organisation).user)
    for page in ("applications:detail", "applications:sent"):
        assert "Marta Silva" in client.get(reverse(page, args=[application.key])).content.decode()


def test_application_that_was_sent_cannot_be_removed():
    with pytest.raises(ProtectedError):
        SubmittedApplicationFactory().delete()


# Decisions --------------------------------------------------------------------------


def test_every_decision_stays_as_a_row():
    application = SubmittedApplicationFactory(lead={"population": 50_946})
    check, unit = CoordinatorFactory(), CoordinatorFactory()
    judge(application, check, eligible=False)
    services.rule_criterion(
        application=application, criterion="population", ruling="waive", reason="V.", by=check
    )
    judge(application, check, eligible=True)
    decide(application, "reserve", unit)
    application = decide(application, "accepted", unit, reason=" A place is free. ")
    rows = decisions_of(application)
    assert [(row.number, row.stage, row.outcome, row.by) for row in rows] == [
        (4, "outcome", "accepted", unit),
        (3, "outcome", "reserve", unit),
        (2, "eligibility", "eligible", check),
        (1, "eligibility", "ineligible", check),
    ]
    assert rows[0].reason == "A place is free."
    assert {row.submission for row in rows} == {submission_of(application)}
    assert [row.record["states"]["population"] for row in rows[2:]] == ["waive", "fail"]
    assert [row.record for row in rows[:2]] == [None, None]
    assert eligibility_decision(rows) == rows[2]


def test_decision_is_on_what_was_sent_last():
    application = SubmittedApplicationFactory()
    again = SubmissionFactory(application=application, number=2)
    assert judge(application, CoordinatorFactory(), eligible=True).decisions.get().submission == (
        again
    )


@pytest.mark.parametrize(
    ("factory", "told"),
    [
        (SubmittedApplicationFactory, None),
        (EligibleApplicationFactory, None),
        (AcceptedApplicationFactory, "accepted"),
    ],
)
def test_city_is_told_what_went_out_by_mail(factory, told):
    application = factory()
    decision = decision_told(application, decisions_of(application))
    assert (decision and decision.outcome) == told


def test_withdrawn_application_stands_by_no_decision():
    application = EligibleApplicationFactory()
    application = decide(application, "reserve", CoordinatorFactory())
    assert standing_decision(application, decisions_of(application)).outcome == "reserve"
    lead = MembershipFactory(organisation=application.organisation).user
    application = services.withdraw_application(application=application, by=lead)
    assert standing_decision(application, decisions_of(application)) is None
    assert decision_told(application, decisions_of(application)) is None
    with pytest.raises(WrongStateError, match="has moved on: Withdrawn"):
        decide(application, "accepted", CoordinatorFactory())


def test_page_of_the_city_shows_the_decision_that_stands(sign_in):
    application = EligibleApplicationFactory()
    unit = CoordinatorFactory()
    decide(application, "reserve", unit, reason="The theme is full.")
    decide(application, "accepted", unit, reason="A place is free.")
    lead = MembershipFactory(organisation=application.organisation).user
    words = sign_in(lead).get(reverse("applications:detail", args=[application.reference]))
    assert "A place is free." in words.content.decode()
    assert "The theme is full." not in words.content.decode()


# What the database refuses ----------------------------------------------------------


@pytest.mark.parametrize("number", [0, 1])
def test_number_of_a_submission_is_free_and_from_1(number):
    application = SubmittedApplicationFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        SubmissionFactory(application=application, number=number)


@pytest.mark.parametrize(
    "values",
    [
        {"number": 0},
        {"number": 1},
        {"outcome": "accepted"},
        {"outcome": "submitted"},
        {"record": None},
        {"outcome": "ineligible", "reason": ""},
        {"stage": "outcome", "outcome": "eligible"},
        {"stage": "outcome", "outcome": "accepted", "reason": ""},
        {"stage": "outcome", "outcome": "accepted", "reason": "So.", "record": {}},
        {"stage": "assessment"},
    ],
    ids=str,
)
def test_decision_that_makes_no_sense_is_refused(values):
    application = EligibleApplicationFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        DecisionFactory(application=application, **values)
    assert Decision.objects.count() == 1


# Races ------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_are_one_row(mailoutbox):
    application = EligibleApplicationFactory()
    people = [CoordinatorFactory(), CoordinatorFactory()]
    outcomes = ["accepted", "rejected"]
    results = run_in_threads(2, lambda n: decide(application, outcomes[n], people[n]).status)
    [refusal] = [r for r in results if isinstance(r, WrongStateError)]
    winner = 1 - results.index(refusal)
    row = Decision.objects.get(stage="outcome")
    assert (row.outcome, row.by) == (outcomes[winner], people[winner])
    assert Application.objects.get().status == outcomes[winner]
    assert str(people[winner]) in refusal.message
    assert {outcomes[winner]} == {
        event.verb.removeprefix("application.")
        for event in AuditEvent.objects.filter(
            verb__in=["application.accepted", "application.rejected"]
        )
    }
    told = len(mailoutbox)
    assert told == len({mail.to[0] for mail in mailoutbox}) > 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_checks_at_once_are_one_row():
    application = SubmittedApplicationFactory()
    people = [CoordinatorFactory(), CoordinatorFactory()]
    results = run_in_threads(2, lambda n: judge(application, people[n], eligible=True).status)
    assert sum(isinstance(r, WrongStateError) for r in results) == 1
    assert Decision.objects.get().outcome == "eligible"
