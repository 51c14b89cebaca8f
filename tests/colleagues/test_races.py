"""What happens when two colleagues do it in the same moment; needs real row locks."""

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection, transaction

from accounts.models import User
from accounts.services import deactivate_person, lock_people, reset_second_factor
from accounts.states import StaffRole
from applications.assessment.services import hand_in
from applications.assessment.states import AssessmentStatus
from applications.models import Assignment
from core.kit.errors import PortalError
from iuc_portal.colleagues.models import FirstSteps, StaffInvitation
from iuc_portal.colleagues.services import become_colleague, hand_over_work, invite_colleague
from programme.organisations.models import hash_of
from tests.factories.accounts import AssessorFactory, CoordinatorFactory
from tests.factories.applications import (
    AssignmentFactory,
    EligibleApplicationFactory,
    declare,
)
from tests.factories.assessment import ScoreFactory
from tests.factories.colleagues import StaffInvitationFactory
from tests.factories.programme import AssessmentCriterionFactory
from tests.infra.threads import run_in_threads

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def outcomes(count, work):
    """Run in threads; a refusal counts as its code, anything else fails the test."""

    def attempt(number):
        try:
            work(number)
        except PortalError as error:
            return error.code
        return "done"

    return sorted(map(str, run_in_threads(count, attempt)))


def test_last_two_coordinators_close_each_other_at_once_and_one_stays():
    two = [CoordinatorFactory() for _person in range(2)]
    found = outcomes(2, lambda n: deactivate_person(person=two[1 - n], reason="Leaves.", by=two[n]))
    # Who was closed a moment ago closes nobody.
    assert found == ["done", "not_allowed"]
    assert User.objects.filter(staff_role=StaffRole.COORDINATOR, is_active=True).count() == 1


def test_two_coordinators_take_each_other_s_second_factor_at_once():
    two = [CoordinatorFactory() for _person in range(2)]
    for person in two:
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    found = outcomes(2, lambda n: reset_second_factor(person=two[1 - n], reason="L.", by=two[n]))
    assert found == ["done", "done"]
    assert not Authenticator.objects.exists()


def test_one_link_makes_one_account_however_often_it_is_pressed():
    StaffInvitationFactory(email="new@unit.example", token_hash=hash_of("t"))
    found = outcomes(
        5,
        lambda n: become_colleague(token="t", full_name=f"P {n}", password="four words of nobody"),
    )
    assert found == ["done", *["used"] * 4]
    assert User.objects.filter(email="new@unit.example").count() == 1


def test_two_coordinators_invite_one_address_at_once():
    two = [CoordinatorFactory() for _person in range(2)]
    found = outcomes(
        2,
        lambda n: invite_colleague(
            email="new@unit.example", role="observer", countries=[], by=two[n]
        ),
    )
    assert found == ["done", "open"]
    assert StaffInvitation.objects.count() == 1


def test_what_refers_to_a_coordinator_is_saved_while_rights_are_changed():
    by = CoordinatorFactory()

    def save(_number):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            FirstSteps.objects.create(person=by)

    with transaction.atomic():
        lock_people(by=by)
        assert run_in_threads(1, save) == [None]


def test_scores_are_handed_in_while_they_are_handed_over():
    """Either counts: the scores stand, or somebody else reads it."""
    by, leaves, takes = CoordinatorFactory(), AssessorFactory(), AssessorFactory()
    application = EligibleApplicationFactory()
    assignment = AssignmentFactory(application=application, assessor=leaves)
    ScoreFactory(
        assessment__assignment=assignment,
        criterion=AssessmentCriterionFactory(call=application.call),
    )
    declare(leaves, application.call)

    def work(number):
        if number:
            hand_in(application=application, by=leaves)
        else:
            hand_over_work(person=leaves, receivers={"readings": takes}, reason="L.", by=by)

    found = run_in_threads(2, work)
    assert all(one is None or isinstance(one, PortalError) for one in found), found
    row = Assignment.objects.select_related("assessment").get(assessor=leaves)
    was_handed_in = found[1] is None
    expected = AssessmentStatus.HANDED_IN if was_handed_in else AssessmentStatus.ABSTAINED
    assert row.assessment.status == expected
    assert Assignment.objects.filter(assessor=takes).exists() is not was_handed_in
