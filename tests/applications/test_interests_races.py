"""What two people, or a person and the clock, do to one expression of interest at once."""

import datetime as dt
import time

import pytest

from applications import services
from applications.models import Application, Interest
from applications.states import ApplicationStatus, InterestStatus
from core.kit import days
from core.kit.errors import PortalError, WrongStateError
from programme.calls.services import move_deadline
from programme.calls.states import Closing
from questionnaires.models import CallQuestionnaire
from questionnaires.states import Purpose
from tests.applications.test_races import FIRST
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import (
    ApplicationFactory,
    InterestFactory,
    InvitedInterestFactory,
    SentInterestFactory,
)
from tests.factories.programme import MembershipFactory, OrganisationFactory, TwoStageCallFactory
from tests.factories.questionnaires import TemplateVersionFactory
from tests.infra.threads import run_in_threads

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

S = InterestStatus
ANSWERS = [("why", "Because.", 0), ("where", "Here.", 0)]


def ready(**values):
    """Return a draft with nothing missing, and its lead."""
    interest = InterestFactory(**values)
    person = MembershipFactory(organisation=interest.organisation).user
    services.save_interest_section(interest=interest, answers=ANSWERS, by=person)
    return interest, person


def again(row):
    return type(row).objects.get(pk=row.pk)


def test_begun_from_ten_threads_is_one():
    call, organisation = TwoStageCallFactory(), OrganisationFactory()
    version = TemplateVersionFactory(template__purpose=Purpose.EXPRESSION)
    CallQuestionnaire.objects.create(call=call, purpose=Purpose.EXPRESSION, version=version)
    person = MembershipFactory(organisation=organisation).user

    def begin(_number):
        return services.start_interest(call=call, organisation=organisation, by=person).pk

    results = run_in_threads(10, begin)
    assert results == [results[0]] * 10
    assert Interest.objects.count() == 1


def test_sent_from_ten_threads_is_sent_once(mailoutbox):
    interest, person = ready()

    def send(_number):
        return services.send_interest(interest=again(interest), by=person).reference

    results = run_in_threads(10, send)
    assert results == [again(interest).reference] * 10
    assert len(mailoutbox) == 1


def test_nothing_is_sent_after_the_closing_second():
    closes = (days.now() + dt.timedelta(seconds=2)).replace(microsecond=0)
    call = TwoStageCallFactory(interest_closes_at=closes)
    drafts = [ready(call=call) for _ in range(6)]

    def send(number):
        interest, person = drafts[number]
        # Some in the closing second, some after it.
        wait = closes + dt.timedelta(seconds=0.4 * number) - days.now()
        time.sleep(max(wait.total_seconds(), 0))
        return services.send_interest(interest=again(interest), by=person)

    results = run_in_threads(6, send)
    for (interest, _person), result in zip(drafts, results, strict=True):
        stored = again(interest)
        if isinstance(result, WrongStateError):
            assert (stored.status, stored.sent_at, stored.reference) == (S.DRAFT, None, None)
        else:
            assert stored.sent_at.replace(microsecond=0) <= closes
    assert any(isinstance(result, WrongStateError) for result in results)


def test_invited_and_declined_at_once_is_one_decision(mailoutbox):
    interest = SentInterestFactory()
    MembershipFactory(organisation=interest.organisation)
    staff = [CoordinatorFactory() for _ in range(6)]

    def decide(number):
        outcome = ("invited", "declined")[number % 2]
        return services.decide_interests(
            interests=[again(interest)], outcome=outcome, reason="So.", by=staff[number]
        )

    results = run_in_threads(6, decide)
    refused = [result for result in results if isinstance(result, WrongStateError)]
    assert len(refused) == 5
    [mail] = mailoutbox
    assert ("is invited" in mail.subject) == again(interest).is_invited


def test_two_who_decide_the_same_list_do_not_wait_for_each_other_for_ever():
    call = TwoStageCallFactory()
    rows = [SentInterestFactory(call=call) for _ in range(4)]
    staff = [CoordinatorFactory(), CoordinatorFactory()]

    def decide(number):
        chosen = rows if number else rows[::-1]
        return services.decide_interests(
            interests=chosen, outcome="invited", reason="So.", by=staff[number]
        )

    results = run_in_threads(2, decide)
    assert sum(isinstance(result, WrongStateError) for result in results) == 1
    assert {again(row).status for row in rows} == {S.INVITED}


def test_withdrawn_against_invited_ends_withdrawn():
    interest = SentInterestFactory()
    person = MembershipFactory(organisation=interest.organisation).user
    staff = CoordinatorFactory()

    def act(number):
        if number:
            return services.withdraw_interest(interest=again(interest), by=person)
        return services.decide_interests(
            interests=[again(interest)], outcome="invited", reason="So.", by=staff
        )

    invited, _withdrawn = run_in_threads(2, act)
    assert again(interest).status == S.WITHDRAWN
    assert not isinstance(invited, Exception) or isinstance(invited, WrongStateError)


def test_taken_back_against_the_application_is_one_or_the_other():
    interest = InvitedInterestFactory()
    application = ApplicationFactory(call=interest.call, organisation=interest.organisation)
    person = MembershipFactory(organisation=interest.organisation).user
    services.save_section(application=application, answers=ANSWERS, by=person)
    staff = CoordinatorFactory()

    def act(number):
        if number:
            draft = Application.objects.get(pk=application.pk)
            return services.submit_application(application=draft, by=person)
        return services.take_back_decision(interest=again(interest), reason="So.", by=staff)

    results = run_in_threads(2, act)
    assert sum(isinstance(result, PortalError) for result in results) == 1, results
    is_sent = again(application).status == ApplicationStatus.SUBMITTED
    assert is_sent == again(interest).is_invited


@pytest.mark.parametrize(("waits", "ends"), FIRST)
def test_sending_and_moving_the_first_stage_into_the_past_have_one_order(waits, ends):
    interest, person = ready()
    call, staff = interest.call, CoordinatorFactory()
    before = call.interest_closes_at

    def work(number):
        time.sleep(waits[number])
        if number:
            return move_deadline(
                call=call,
                closes_at=days.now() - dt.timedelta(seconds=1),
                reason="Earlier.",
                by=staff,
                read_version=call.version,
                past_confirmed=True,
                closing=Closing.FIRST_STAGE,
            )
        return services.send_interest(interest=again(interest), by=person)

    sent, moved = run_in_threads(2, work)
    assert not isinstance(moved, Exception), moved
    stored = again(interest)
    is_sent = not isinstance(sent, WrongStateError)
    assert is_sent in ends, sent
    stored = again(interest)
    if is_sent:
        assert (stored.status, stored.sent_at < before) == (S.SENT, True)
    else:
        assert (sent.code, stored.status, stored.reference) == ("stage_closed", S.DRAFT, None)
