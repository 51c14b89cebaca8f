"""Closing times and answers when two people act in the same moment; needs real row locks."""

import datetime as dt

import pytest
from django.utils import timezone

from applications.services import save_applicant
from core.kit.errors import InvalidError, WrongStateError
from core.post.models import Mail
from core.trail.models import AuditEvent
from programme.calls.models import OwnClosing
from programme.calls.services import (
    ask_extension,
    ask_question,
    grant_extension,
    redeem_late_code,
    refuse_extension,
    revoke_late_code,
    tell_answers,
)
from programme.calls.services.late_codes import MOST_WRONG
from programme.calls.services.questions import MOST_AN_HOUR
from tests.factories.accounts import CoordinatorFactory, UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.calls import (
    CODE,
    CallQuestionFactory,
    ExtensionRequestFactory,
    LateCodeFactory,
)
from tests.factories.programme import CallFactory, MembershipFactory
from tests.infra.threads import run_in_threads

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

DAY = dt.timedelta(days=1)


def outcomes(count, work):
    """Run in threads; a refusal counts as its code."""

    def attempt(number):
        try:
            return work(number) and "done"
        except (WrongStateError, InvalidError) as error:
            return error.code

    return sorted(map(str, run_in_threads(count, attempt)))


def test_a_code_redeemed_twice_at_once_is_used_once():
    code = LateCodeFactory()
    people = [MembershipFactory(organisation=code.organisation).user for _person in range(2)]
    found = outcomes(
        2,
        lambda n: redeem_late_code(
            call=code.call, organisation=code.organisation, code=CODE, by=people[n]
        ),
    )
    assert found == ["done", "done"]
    assert OwnClosing.objects.count() == 1
    assert AuditEvent.objects.filter(verb="late_code.used").count() == 1


def test_a_code_with_one_use_left_is_used_once_by_ten_at_once():
    code = LateCodeFactory(uses=2, hours=1)
    person = MembershipFactory(organisation=code.organisation).user
    first = redeem_late_code(call=code.call, organisation=code.organisation, code=CODE, by=person)
    # What the first use has opened is closed again.
    OwnClosing.objects.filter(pk=first.pk).update(closes_at=code.made_at - dt.timedelta(hours=1))
    people = [MembershipFactory(organisation=code.organisation).user for _person in range(10)]
    found = outcomes(
        10,
        lambda n: redeem_late_code(
            call=code.call, organisation=code.organisation, code=CODE, by=people[n]
        ),
    )
    assert found == ["done"] * 10
    code.refresh_from_db()
    assert code.used == 2
    assert OwnClosing.objects.count() == 2
    assert AuditEvent.objects.filter(verb="late_code.used").count() == 2


def test_wrong_codes_at_once_do_not_slip_past_the_limit():
    code = LateCodeFactory()
    people = [MembershipFactory(organisation=code.organisation).user for _person in range(8)]
    outcomes(
        8,
        lambda n: redeem_late_code(
            call=code.call, organisation=code.organisation, code=f"WRONG-{n}", by=people[n]
        ),
    )
    assert AuditEvent.objects.filter(verb="late_code.refused").count() == MOST_WRONG


def test_a_code_taken_back_while_it_is_used_leaves_nothing_open():
    code = LateCodeFactory()
    person = MembershipFactory(organisation=code.organisation).user
    staff = CoordinatorFactory()

    def work(number):
        if number:
            return revoke_late_code(code=code, reason="A mistake.", by=staff)
        return redeem_late_code(
            call=code.call, organisation=code.organisation, code=CODE, by=person
        )

    outcomes(2, work)
    assert not OwnClosing.objects.exists()


def test_two_decide_on_a_wish_at_once_and_one_counts():
    wish = ExtensionRequestFactory()
    staff = [CoordinatorFactory() for _person in range(2)]

    def work(number):
        if number:
            return refuse_extension(wish=wish, reason="No.", by=staff[1])
        return grant_extension(wish=wish, closes_at=wish.wished_until, reason="Yes.", by=staff[0])

    assert outcomes(2, work) == ["done", "moved_on"]
    wish.refresh_from_db()
    assert OwnClosing.objects.exists() == (wish.status == "granted")


def test_two_colleagues_ask_at_once_and_one_wish_stands():
    call = CallFactory()
    first = MembershipFactory()
    people = [first.user, MembershipFactory(organisation=first.organisation).user]
    outcomes(
        2,
        lambda n: ask_extension(
            call=call,
            organisation=first.organisation,
            wished_until=call.closes_at + 7 * DAY,
            why="The council.",
            by=people[n],
        ),
    )
    assert call.extension_requests.count() == 1


def test_a_save_after_the_close_holds_exactly_if_the_extension_came_first():
    now = timezone.now()
    call = CallFactory(opens_at=now - 9 * DAY, closes_at=(now - DAY).replace(microsecond=0))
    member = MembershipFactory()
    draft = ApplicationFactory(call=call, organisation=member.organisation)
    wish = ExtensionRequestFactory(
        call=call, organisation=member.organisation, wished_until=now + DAY
    )
    staff = CoordinatorFactory()

    def work(number):
        if number:
            return grant_extension(wish=wish, closes_at=now + DAY, reason="Yes.", by=staff)
        return save_applicant(
            application=draft,
            kind="single",
            exception_reason="Late.",
            read_version=draft.version,
            by=member.user,
        )

    found = outcomes(2, work)
    draft.refresh_from_db()
    assert found in (["call_closed", "done"], ["done", "done"])
    assert (draft.exception_reason == "Late.") == (found == ["done", "done"])


def test_questions_at_once_do_not_slip_past_the_limit():
    call, person = CallFactory(), UserFactory()
    found = outcomes(
        8, lambda n: ask_question(call=call, text=f"Question {n}?", by=type(person)(pk=person.pk))
    )
    assert found.count("done") == MOST_AN_HOUR


@pytest.mark.usefixtures("outbox")
def test_two_workers_tell_of_answers_once():
    call = CallFactory()
    member = MembershipFactory()
    ApplicationFactory(call=call, organisation=member.organisation)
    CallQuestionFactory(call=call, answered=True)
    evening = timezone.now().replace(hour=20)

    run_in_threads(3, lambda _n: tell_answers(now=evening))
    assert Mail.objects.filter(kind="new_answers").count() == 1
