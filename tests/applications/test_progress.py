"""Where an application stands, in the words its city reads."""

import datetime as dt

import pytest
from django.urls import reverse

from applications.progress import progress_of
from applications.selectors import clarifications_of, decisions_of, submissions_of
from applications.services.locking import open_until
from applications.states import ApplicationStatus
from tests.factories.applications import (
    AcceptedApplicationFactory,
    ClarificationFactory,
    DecisionFactory,
    EligibleApplicationFactory,
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
        "Checked: your city can apply",
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
        (S.ACCEPTED, "The unit proposes a partner city"),
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
    assert "The unit proposes a partner city" in html
