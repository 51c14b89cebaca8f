"""Changing what was sent: the last version that was sent in time stands, and all are kept."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction

from applications import services
from applications.models import Application
from applications.selectors import (
    applications_of,
    eligibility_of,
    numbers_by_call,
    rulings_of,
    sent_applications,
    working_copy_of,
)
from applications.snapshots import content_print, snapshot_of
from applications.states import ApplicationStatus, Declaration
from core.kit.errors import NotAllowedError, StaleError, WrongStateError
from core.trail.models import AuditEvent
from programme.organisations.states import MembershipRole
from questionnaires.models import CallQuestionnaire
from questionnaires.states import Purpose
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import (
    AcceptedApplicationFactory,
    ApplicationFactory,
    CriterionRulingFactory,
    EligibleApplicationFactory,
    SubmittedApplicationFactory,
    WorkingCopyFactory,
)
from tests.factories.programme import ClosedCallFactory, MembershipFactory

pytestmark = pytest.mark.django_db
S = ApplicationStatus


def fresh(application):
    return Application.objects.get(pk=application.pk)


def lead_of(application, role=MembershipRole.LEAD):
    return MembershipFactory(organisation=application.organisation, role=role).user


@pytest.fixture
def sent():
    """A complete application, sent through the service, and its lead."""
    application = ApplicationFactory()
    person = lead_of(application)
    services.save_section(
        application=application,
        answers=[("why", "Because.", 0), ("where", "Here.", 0)],
        by=person,
    )
    return services.submit_application(
        application=fresh(application), declared=Declaration.values, by=person
    ), person


def change(copy, person, text="For another reason."):
    version = copy.response.answers.get(question__key="why").version
    services.save_section(application=copy, answers=[("why", text, version)], by=person)
    return fresh(copy)


def test_reopening_opens_a_copy_and_what_was_sent_stands(sent):
    application, person = sent
    before = snapshot_of(application)
    copy = services.reopen_application(application=application, by=person)
    change(copy, person)
    application = fresh(application)
    assert application.status == S.SUBMITTED
    assert snapshot_of(application) == before
    assert working_copy_of(application) == copy
    assert AuditEvent.objects.filter(verb="application.reopened").count() == 1


def test_reopening_twice_is_one_copy(sent):
    application, person = sent
    copies = {services.reopen_application(application=application, by=person) for _ in range(3)}
    assert len(copies) == 1
    assert AuditEvent.objects.filter(verb="application.reopened").count() == 1


def test_an_editor_reopens_and_a_viewer_does_not(sent):
    application, _person = sent
    with pytest.raises(NotAllowedError):
        services.reopen_application(
            application=application, by=lead_of(application, MembershipRole.VIEWER)
        )
    services.reopen_application(
        application=application, by=lead_of(application, MembershipRole.EDITOR)
    )


def test_changes_stay_with_the_city(sent):
    application, person = sent
    copy = services.reopen_application(application=application, by=person)
    staff = CoordinatorFactory()
    assert list(sent_applications(staff)) == [application]
    assert not Application.objects.visible_to(staff).filter(pk=copy.pk).exists()
    assert {row.status: row.number for row in numbers_by_call(staff)} == {"submitted": 1}
    [row] = applications_of(person)
    assert (row, row.is_being_changed) == (application, True)


def test_sending_again_makes_the_next_version_and_keeps_the_first(sent, mailoutbox):
    application, person = sent
    copy = change(services.reopen_application(application=application, by=person), person)
    mailoutbox.clear()
    again = services.submit_application(application=copy, declared=Declaration.values, by=person)
    assert again == application
    second, first = again.submissions.all()
    assert (first.number, second.number) == (1, 2)
    assert "Because." in str(first.snapshot)
    assert "For another reason." in str(second.snapshot)
    assert second.snapshot["reference"] == application.reference
    assert again.submitted_at == second.at
    assert content_print(snapshot_of(fresh(again))) == content_print(second.snapshot)
    assert working_copy_of(again) is None
    assert len(mailoutbox) == 3  # Both contacts and the sender.
    assert "This is version 2." in mailoutbox[0].body
    assert AuditEvent.objects.filter(verb="application.sent_again").count() == 1


def test_sending_the_copy_twice_is_one_version(sent):
    application, person = sent
    copy = services.reopen_application(application=application, by=person)
    results = {
        services.submit_application(application=copy, declared=Declaration.values, by=person).pk
        for _ in range(3)
    }
    assert results == {application.pk}
    assert application.submissions.count() == 2


def test_copy_is_sent_only_as_it_was_shown(sent):
    application, person = sent
    copy = services.reopen_application(application=application, by=person)
    shown = content_print(snapshot_of(copy))
    copy = change(copy, person)
    with pytest.raises(StaleError):
        services.submit_application(
            application=copy, declared=Declaration.values, by=person, shown=shown
        )
    assert application.submissions.count() == 1
    shown = content_print(snapshot_of(copy))
    services.submit_application(
        application=copy, declared=Declaration.values, by=person, shown=shown
    )


def test_late_save_in_a_copy_that_was_sent_is_refused(sent):
    application, person = sent
    copy = services.reopen_application(application=application, by=person)
    services.submit_application(application=copy, declared=Declaration.values, by=person)
    with pytest.raises(WrongStateError, match="sent or dropped"):
        change(copy, person)


def test_dropping_leaves_what_was_sent(sent):
    application, person = sent
    copy = change(services.reopen_application(application=application, by=person), person)
    for _ in range(2):
        assert services.drop_changes(application=copy, by=person) == application
    assert working_copy_of(application) is None
    assert application.submissions.count() == 1
    assert AuditEvent.objects.filter(verb="application.changes_dropped").count() == 1
    # A new copy begins with what was sent.
    copy = services.reopen_application(application=application, by=person)
    assert "Because." in str(snapshot_of(copy))


def test_ineligible_city_changes_and_sends_again():
    application = SubmittedApplicationFactory(status=S.INELIGIBLE)
    person = lead_of(application)
    copy = services.reopen_application(application=application, by=person)
    again = services.submit_application(application=copy, declared=Declaration.values, by=person)
    assert again.status == S.SUBMITTED


def test_rulings_on_an_earlier_version_no_longer_count():
    application = SubmittedApplicationFactory()
    person = lead_of(application)
    CriterionRulingFactory(application=application, criterion="population", ruling="fail")
    assert rulings_of(application)
    copy = services.reopen_application(application=application, by=person)
    again = services.submit_application(application=copy, declared=Declaration.values, by=person)
    assert rulings_of(again) == {}
    assert not any(item.is_failed for item in eligibility_of(again))
    services.rule_criterion(
        application=again, criterion="population", ruling="fail",
        reason="Over a million overnight stays.", by=CoordinatorFactory(),
    )  # fmt: skip
    assert list(rulings_of(again)) == ["population"]


def test_eligible_application_that_is_sent_again_is_checked_anew():
    application = EligibleApplicationFactory()
    person = lead_of(application)
    copy = services.reopen_application(application=application, by=person)
    assert (
        services.submit_application(application=copy, declared=Declaration.values, by=person).status
        == S.SUBMITTED
    )


def test_what_is_decided_meanwhile_is_not_replaced(sent):
    application, person = sent
    copy = services.reopen_application(application=application, by=person)
    Application.objects.filter(pk=application.pk).update(status=S.REJECTED)
    with pytest.raises(WrongStateError, match="has been decided"):
        services.submit_application(application=copy, declared=Declaration.values, by=person)
    assert fresh(copy).is_draft


def test_decided_and_closed_are_not_reopened():
    accepted = AcceptedApplicationFactory()
    with pytest.raises(WrongStateError):
        services.reopen_application(application=accepted, by=lead_of(accepted))
    late = SubmittedApplicationFactory(call=ClosedCallFactory())
    with pytest.raises(WrongStateError, match="closed"):
        services.reopen_application(application=late, by=lead_of(late))


def test_after_the_close_the_version_sent_in_time_counts(sent):
    application, person = sent
    copy = change(services.reopen_application(application=application, by=person), person)
    with time_machine.travel(application.call.closes_at + dt.timedelta(seconds=1), tick=False):
        with pytest.raises(WrongStateError, match="closed"):
            services.submit_application(application=copy, declared=Declaration.values, by=person)
        services.drop_changes(application=copy, by=person)
    assert application.submissions.count() == 1


def test_withdrawing_ends_the_copy_too(sent):
    application, person = sent
    copy = change(services.reopen_application(application=application, by=person), person)
    services.withdraw_application(application=application, by=person)
    assert fresh(copy).status == S.WITHDRAWN
    with pytest.raises(WrongStateError):
        services.withdraw_application(
            application=WorkingCopyFactory(revises=SubmittedApplicationFactory()),
            by=lead_of(Application.objects.latest("pk")),
        )


@pytest.mark.parametrize(
    ("way", "expected"), [("kept", "For another reason."), ("dropped", "Because.")]
)
def test_starting_again_takes_over_what_was_written_last(sent, way, expected):
    application, person = sent
    CallQuestionnaire.objects.create(
        call=application.call, purpose=Purpose.APPLICATION, version=application.response.version
    )
    copy = change(services.reopen_application(application=application, by=person), person)
    if way == "dropped":
        services.drop_changes(application=copy, by=person)
    services.withdraw_application(application=application, by=person)
    new = services.start_application(
        call=application.call,
        organisation=application.organisation,
        by=person,
        take_over=True,
    )
    assert new.pk != application.pk
    assert new.response.answers.get(question__key="why").value == expected
    assert new.municipalities.get().population == 120_000


def test_starting_again_without_taking_over_is_empty(sent):
    application, person = sent
    services.withdraw_application(application=application, by=person)
    new = services.start_application(
        call=application.call, organisation=application.organisation, by=person
    )
    assert new.municipalities.get().population is None


def test_database_knows_one_copy_and_none_that_was_sent():
    standing = SubmittedApplicationFactory()
    copy = WorkingCopyFactory(revises=standing)
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkingCopyFactory(revises=standing)
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=copy.pk).update(reference="C2C-1", status=S.WITHDRAWN)
