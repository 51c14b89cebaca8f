"""What is written in the moment in which a pairing ends or a role goes; needs real row locks."""

import threading

import pytest
from django.db import transaction

from action_plans.models import Plan
from action_plans.services import open_plan, save_section_answers
from action_plans.services.common import lock_plan
from core.kit.errors import NotAllowedError, WrongStateError
from core.trail.models import AuditEvent
from pairings.services import complete_pairing
from programme.organisations.services import remove_member
from programme.organisations.states import MembershipRole
from questionnaires.models import Answer
from tests.factories.accounts import CoordinatorFactory
from tests.factories.action_plans import PlanFactory
from tests.factories.programme import MembershipFactory
from tests.infra.threads import run_in_threads

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plan():
    return PlanFactory()


@pytest.fixture
def writer(plan):
    return MembershipFactory(organisation=plan.member.organisation, role=MembershipRole.EDITOR).user


def save(plan, by, text="So."):
    return save_section_answers(plan=plan, section_key="first", answers=[("why", text, 0)], by=by)


def while_held(hold, write):
    """Let `hold` change something, and `write` begin before that is committed; return its end."""
    changed, ended = threading.Event(), threading.Event()

    def work(number):
        if number:
            changed.wait(timeout=20)
            try:
                return write()
            finally:
                ended.set()
        with transaction.atomic():
            hold()
            changed.set()
            # A write that does not wait is over by then.
            ended.wait(timeout=1)
        return None

    return run_in_threads(2, work)[1]


def end(plan):
    complete_pairing(pairing=plan.member.pairing, reason="Done.", by=CoordinatorFactory())


def test_text_that_comes_while_the_pairing_ends_is_refused(plan, writer):
    outcome = while_held(lambda: end(plan), lambda: save(plan, writer))

    assert isinstance(outcome, WrongStateError)
    assert not Answer.objects.exists()


def test_plan_that_is_opened_while_the_pairing_ends_is_refused(plan):
    pairing = plan.member.pairing
    partner = pairing.members.exclude(pk=plan.member_id).get()

    outcome = while_held(lambda: end(plan), lambda: open_plan(member=partner, by=None))

    assert isinstance(outcome, WrongStateError)
    assert Plan.objects.get() == plan


def test_writer_whose_role_goes_while_they_wait_is_refused(plan, writer):
    lead = MembershipFactory(organisation=plan.member.organisation, role=MembershipRole.LEAD)
    membership = writer.memberships.get()

    def hold():
        lock_plan(plan, by=lead.user)
        remove_member(membership=membership, by=lead.user)

    outcome = while_held(hold, lambda: save(plan, writer))

    assert isinstance(outcome, NotAllowedError)
    assert not Answer.objects.exists()


def test_two_windows_of_one_person_leave_one_line(plan, writer):
    outcome = while_held(
        lambda: save(plan, writer),
        lambda: save_section_answers(
            plan=plan, section_key="first", answers=[("more", "More.", 0)], by=writer
        ),
    )

    assert [answer.value for answer in outcome.written] == ["More."]
    assert AuditEvent.objects.filter(verb="plan.written").count() == 1


def test_the_cities_of_a_pairing_write_at_once(plan, writer):
    partner = plan.member.pairing.members.exclude(pk=plan.member_id).get()
    theirs = PlanFactory(member=partner)
    other = MembershipFactory(organisation=partner.organisation, role=MembershipRole.LEAD).user

    found = run_in_threads(
        8, lambda n: save(theirs, other, f"T{n}") if n % 2 else save(plan, writer, f"O{n}")
    )

    assert [one for one in found if isinstance(one, Exception)] == []
    assert Answer.objects.filter(question__key="why").count() == 2
