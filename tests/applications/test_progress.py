"""Where an application stands, in the words its city reads."""

import datetime as dt

import pytest
from django.urls import reverse

from applications.models import Interest
from applications.progress import next_of, progress_of
from applications.selectors import clarifications_of, decisions_of, submissions_of
from applications.selectors.interests import as_interest_list
from applications.services.locking import open_until
from applications.states import ApplicationStatus
from tests.factories.applications import (
    AcceptedApplicationFactory,
    ApplicationFactory,
    ClarificationFactory,
    DecisionFactory,
    DeclinedInterestFactory,
    EligibleApplicationFactory,
    InterestFactory,
    InvitedInterestFactory,
    SentInterestFactory,
    SubmissionFactory,
    SubmittedApplicationFactory,
)
from tests.factories.programme import CallFactory, ClosedCallFactory, MembershipFactory

pytestmark = pytest.mark.django_db
S = ApplicationStatus


def steps(application):
    return progress_of(
        application,
        submissions=submissions_of(application),
        decisions=decisions_of(application),
        clarifications=clarifications_of(application),
        open_until=open_until(application),
    )


def titles(application, state=None):
    return [one.title for one in steps(application) if state is None or one.state == state]


def test_sent_application_says_what_happened_what_is_next_and_by_when():
    application = SubmittedApplicationFactory(call=CallFactory(decisions_on=dt.date(2027, 3, 5)))
    assert titles(application) == [
        "You sent the application",
        "Staff check who can apply",
        "You can still change it and send it again",
        "Assessors read your answers",
        "You get the result",
    ]
    sent, now, change, _read, result = steps(application)
    assert (sent.state, now.state) == ("done", "now")
    assert "Brussels" in change.date
    assert result.date == "By 5 March 2027"


def test_after_the_close_nothing_is_offered_to_be_changed():
    application = SubmittedApplicationFactory(call=ClosedCallFactory())
    assert not [title for title in titles(application) if "change" in title]


def test_versions_answers_and_decisions_stand_in_their_order():
    application = EligibleApplicationFactory()
    later = application.submitted_at + dt.timedelta(minutes=5)
    SubmissionFactory(application=application, number=2, at=later)
    assert titles(application, "done") == [
        "You sent the application",
        "You sent version 2",
        "Checked: you can apply",
    ]
    assert titles(application, "now") == ["Assessors read your answers"]


def test_question_that_waits_is_what_the_city_does_now():
    application = SubmittedApplicationFactory()
    ClarificationFactory(application=application)
    assert titles(application, "now")[0] == "Answer a question of the unit"


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (CallFactory, "Change it and send it again"),
        (ClosedCallFactory, "You can apply to the next"),
    ],
)
def test_ineligible_city_is_told_the_way_on(call, expected):
    application = SubmittedApplicationFactory(status=S.INELIGIBLE, call=call())
    DecisionFactory(application=application, outcome=S.INELIGIBLE, reason="Too few inhabitants.")
    assert titles(application)[-1].startswith(expected)
    assert titles(application, "done")[-1] == "Checked: not eligible"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (S.ACCEPTED, "The unit proposes a partner"),
        (S.RESERVE, "You wait for a place"),
        (S.REJECTED, "You can apply to the next call"),
        (S.WITHDRAWN, "You can start again"),
    ],
)
def test_every_end_says_what_is_next(status, expected):
    assert titles(SubmittedApplicationFactory(status=status))[-1] == expected


def test_page_shows_it(sign_in):
    application = AcceptedApplicationFactory()
    person = MembershipFactory(organisation=application.organisation).user
    page = sign_in(person).get(reverse("applications:detail", args=[application.key]))
    html = page.content.decode()
    assert "Where it stands" in html
    assert "The unit proposes a partner" in html


# Expressions of interest --------------------------------------------------------------
def next_for(interest, day=0):
    """Return what is next so many days after its first stage has closed, or before."""
    row = as_interest_list(Interest.objects.filter(pk=interest.pk)).get()
    at = interest.call.interest_closes_at + dt.timedelta(days=day) if day else None
    return next_of(row, at)


@pytest.mark.parametrize(
    ("factory", "day", "words", "by", "is_open"),
    [
        (InterestFactory, 0, "A lead of your team sends it", "interest_closes_at", True),
        (InterestFactory, 1, "The first stage is closed; your text is kept", None, False),
        (SentInterestFactory, 0, "The coordination unit reads it and writes to you", None, False),
        (InvitedInterestFactory, 0, "You start the full application", "closes_at", True),
        (InvitedInterestFactory, 365, "The call has closed", None, False),
        (DeclinedInterestFactory, 0, "Nothing more happens with this one", None, False),
    ],
)
def test_next_of_an_expression_of_interest(factory, day, words, by, is_open):
    interest = factory()
    found = next_for(interest, day)
    assert (found.words, found.is_open) == (words, is_open)
    assert found.at == (by and getattr(interest.call, by))


def test_next_of_a_withdrawn_expression_of_interest_is_to_begin_anew_while_it_can():
    interest = InterestFactory(status="withdrawn")
    assert next_for(interest).words == "You can begin anew with what you wrote"
    assert next_for(interest, 1).words == "Nothing more happens with this one"


def test_next_after_the_full_application_was_begun_is_that():
    interest = InvitedInterestFactory()
    ApplicationFactory(call=interest.call, organisation=interest.organisation)
    assert next_for(interest).words == "The full application is begun"


def test_list_of_applications_says_what_is_next_for_an_expression_of_interest(client):
    interest = InterestFactory()
    client.force_login(MembershipFactory(organisation=interest.organisation).user)
    page = " ".join(client.get(reverse("applications:mine")).content.decode().split())
    assert "A lead of your team sends it" in page
    assert "By when" in page
