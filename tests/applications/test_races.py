"""What two people, or a person and the clock, do to one application at the same moment."""

import datetime as dt
import threading
import time
from zoneinfo import ZoneInfo

import pytest
import time_machine

from applications import services
from applications.models import Application
from applications.selectors import call_rules, working_copy_of
from applications.services import groups
from applications.snapshots import content_print, snapshot_of
from applications.states import ApplicationStatus, Declaration
from core.kit import days
from core.kit.errors import InvalidError, PortalError, WrongStateError
from core.trail.models import AuditEvent
from programme.calls.models import Call
from programme.calls.services import move_deadline
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import (
    ApplicationFactory,
    EligibleApplicationFactory,
    MunicipalityFactory,
    OnlineCommitmentFactory,
    SubmittedApplicationFactory,
    WorkingCopyFactory,
)
from tests.factories.programme import CallFactory, MembershipFactory
from tests.infra.threads import run_in_threads

S = ApplicationStatus
BRUSSELS = ZoneInfo("Europe/Brussels")
# The hour from 2 to 3 does not exist in the first night, and comes twice in the second.
NIGHTS = [
    dt.datetime(2026, 3, 29, 1, 59, 59, tzinfo=BRUSSELS),
    dt.datetime(2026, 3, 29, 3, 0, tzinfo=BRUSSELS),
    dt.datetime(2026, 10, 25, 2, 30, tzinfo=BRUSSELS),
    dt.datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=BRUSSELS),
]
SECOND = dt.timedelta(seconds=1)
# How long who sends and who moves the close wait, and whether it may then be sent.
FIRST = [
    pytest.param((0, 1.5), {True}, id="sent first"),
    pytest.param((1.5, 0), {False}, id="moved first"),
    pytest.param((0, 0), {True, False}, id="at once"),
]


def ready(**values):
    """Return a draft with nothing missing, and its lead."""
    application = ApplicationFactory(**values)
    person = MembershipFactory(organisation=application.organisation).user
    services.save_section(
        application=application,
        answers=[("why", "Because.", 0), ("where", "Here.", 0)],
        by=person,
    )
    return Application.objects.get(pk=application.pk), person


def reopened(factory=SubmittedApplicationFactory):
    """Return what was sent, its working copy, and its lead."""
    application = factory()
    person = MembershipFactory(organisation=application.organisation).user
    return application, WorkingCopyFactory(revises=application), person


def send(application, person):
    return services.submit_application(
        application=Application.objects.get(pk=application.pk),
        declared=Declaration.values,
        by=person,
    )


def is_whole(application):
    """Check that what stands is what was sent last, and return how often it was sent."""
    application = Application.objects.get(pk=application.pk)
    newest = application.submissions.first()
    assert content_print(snapshot_of(application)) == content_print(newest.snapshot)
    assert application.submitted_at == newest.at
    return newest.number


@pytest.mark.django_db
@pytest.mark.parametrize("closes_at", NIGHTS, ids=str)
@pytest.mark.parametrize(("seconds", "taken"), [(-1, True), (0, True), (1, False)])
def test_close_counts_to_the_second_in_the_nights_of_the_clock(closes_at, seconds, taken):
    # Through the instant: two clock times of one wall are not told apart by adding to them.
    closes = closes_at.astimezone(dt.UTC)
    with time_machine.travel(closes - dt.timedelta(days=3), tick=False):
        call = CallFactory(opens_at=closes - dt.timedelta(days=30), closes_at=closes)
        draft, person = ready(call=call)
        sent = SubmittedApplicationFactory(call=call)
        copy, other = (
            WorkingCopyFactory(revises=sent),
            MembershipFactory(organisation=sent.organisation).user,
        )
    with time_machine.travel(closes + seconds * SECOND, tick=False):
        for application, who in ((draft, person), (copy, other)):
            if taken:
                assert send(application, who).submitted_at == days.now()
            else:
                with pytest.raises(WrongStateError, match="closed"):
                    send(application, who)
    assert sent.submissions.count() == (2 if taken else 1)


@pytest.mark.django_db
def test_form_that_was_open_obeys_the_moved_deadline():
    application, person = ready()
    call, staff = application.call, CoordinatorFactory()
    opened = days.now()
    with time_machine.travel(opened, tick=False):
        move_deadline(
            call=call,
            closes_at=opened + 10 * SECOND,
            reason="The new programme.",
            by=staff,
            read_version=call.version,
        )
    with time_machine.travel(opened + 11 * SECOND, tick=False), pytest.raises(WrongStateError):
        services.save_section(application=application, answers=[("why", "Late.", 1)], by=person)
    with time_machine.travel(opened + 12 * SECOND, tick=False):
        call.refresh_from_db()
        move_deadline(
            call=call,
            closes_at=opened + dt.timedelta(days=9),
            reason="One more week.",
            by=staff,
            read_version=call.version,
        )
        saved = services.save_section(
            application=application, answers=[("why", "In time.", 1)], by=person
        )
    assert [answer.value for answer in saved.written] == ["In time."]


race = pytest.mark.postgres
committed = pytest.mark.django_db(transaction=True)


@race
@committed
def test_copy_sent_from_ten_threads_is_one_version(mailoutbox):
    application, copy, person = reopened()
    results = run_in_threads(10, lambda _: send(copy, person).pk)
    assert results == [application.pk] * 10
    assert is_whole(application) == 2
    assert len({mail.to[0] for mail in mailoutbox}) == len(mailoutbox)


@race
@committed
def test_reopened_from_ten_threads_is_one_copy():
    application = SubmittedApplicationFactory()
    person = MembershipFactory(organisation=application.organisation).user
    results = run_in_threads(
        10, lambda _: services.reopen_application(application=application, by=person).pk
    )
    assert results == [results[0]] * 10
    assert isinstance(results[0], int)


@race
@committed
@pytest.mark.parametrize("turn", range(3))
def test_late_save_is_in_what_is_sent_or_refused(turn):
    application, person = ready()

    def work(number):
        if number == turn:
            return send(application, person)
        return services.save_section(
            application=application, answers=[("why", f"Text {number}.", 1)], by=person
        )

    results = run_in_threads(4, work)
    application.refresh_from_db()
    [submission] = application.submissions.all()
    stored = application.response.answers.get(question__key="why").value
    assert f"'{stored}'" in str(submission.snapshot["sections"])
    assert is_whole(application) == 1
    refused = [one for one in results if isinstance(one, Exception)]
    assert all(isinstance(one, WrongStateError) for one in refused), refused


@race
@committed
def test_late_save_in_a_copy_is_in_the_version_or_refused():
    application, copy, person = reopened()

    def work(number):
        if number == 0:
            return send(copy, person)
        return services.save_contacts(
            application=copy, read_version=copy.version, by=person, contact_phone="+32 2 1"
        )

    saved = run_in_threads(2, work)[1]
    assert is_whole(application) == 2
    phone = Application.objects.get(pk=application.pk).contact_phone
    assert phone == ("" if isinstance(saved, PortalError) else "+32 2 1")


@race
@committed
def test_of_two_that_name_one_municipality_at_once_one_is_sent():
    first, person = ready()
    city = first.municipalities.get()
    Call.objects.filter(pk=first.call_id).update(takes_part_once=True)
    second, other = ready(
        call=Call.objects.get(pk=first.call_id),
        organisation__country=first.organisation.country,
        lead={"name": city.name},
    )
    results = run_in_threads(
        2, lambda number: send(second, other) if number else send(first, person)
    )
    [refused] = [one for one in results if isinstance(one, Exception)]
    assert isinstance(refused, InvalidError)
    assert "one application" in str(refused)
    assert Application.objects.filter(status=S.SUBMITTED).count() == 1


@race
@committed
@pytest.mark.parametrize(("waits", "ends"), FIRST)
def test_sending_and_moving_the_close_into_the_past_have_one_order(waits, ends):
    application, person = ready()
    call, staff = application.call, CoordinatorFactory()
    before = call.closes_at

    def work(number):
        time.sleep(waits[number])
        if number:
            return move_deadline(
                call=call,
                closes_at=days.now() - SECOND,
                reason="Earlier.",
                by=staff,
                read_version=call.version,
                past_confirmed=True,
            )
        return send(application, person)

    sent, moved = run_in_threads(2, work)
    assert not isinstance(moved, Exception), moved
    is_sent = not isinstance(sent, WrongStateError)
    assert is_sent in ends, sent
    # Nobody sends under the new close, so what is sent has kept the one before, and its time.
    kept = [(one.rules["closes_at"], one.at < before) for one in application.submissions.all()]
    assert kept == ([(before.isoformat(), True)] if is_sent else [])
    assert Application.objects.get(pk=application.pk).is_draft is not is_sent
    if not is_sent:
        assert sent.code == "call_closed"


@race
@committed
def test_move_of_the_close_waits_for_who_is_just_sending(monkeypatch):
    """Else the trail had the move first, and after it what was sent under the close before."""
    application, person = ready()
    call, staff = application.call, CoordinatorFactory()
    sending = threading.Event()

    def judged(*given, **more):
        sending.set()
        # Time enough for who does not wait.
        time.sleep(1)
        return call_rules(*given, **more)

    monkeypatch.setattr("applications.services.sending.call_rules", judged)

    def work(number):
        if not number:
            return send(application, person)
        assert sending.wait(30)
        return move_deadline(
            call=call,
            closes_at=days.now() - SECOND,
            reason="Earlier.",
            by=staff,
            read_version=call.version,
            past_confirmed=True,
        )

    failed = [one for one in run_in_threads(2, work) if isinstance(one, Exception)]
    assert failed == []
    sent = AuditEvent.objects.get(verb="application.submitted")
    moved = AuditEvent.objects.get(verb="call.deadline_moved")
    assert (sent.pk, sent.at) < (moved.pk, moved.at)


@race
@committed
def test_two_groups_that_name_each_other_at_once_are_both_sent_and_told(monkeypatch):
    """Each tells the other: neither may hold its own record while it waits for that one."""
    first, copy, person = reopened()
    second = SubmittedApplicationFactory(
        call=first.call, organisation__country=first.organisation.country
    )
    other, other_copy = (
        MembershipFactory(organisation=second.organisation).user,
        WorkingCopyFactory(revises=second),
    )
    country = first.organisation.country
    for mine, theirs in ((copy, second), (other_copy, first)):
        Application.objects.filter(pk=mine.pk).update(kind="group")
        MunicipalityFactory(
            application=mine, name=theirs.municipalities.get().name, country=country
        )
        OnlineCommitmentFactory(municipality=mine.municipalities.get(is_lead=False))
    both, found = threading.Barrier(2), groups.doubles_of

    def meet(*given, **more):
        both.wait(30)
        return found(*given, **more)

    monkeypatch.setattr(groups, "doubles_of", meet)
    results = run_in_threads(
        2, lambda number: send(other_copy, other) if number else send(copy, person)
    )
    assert results == [first, second]
    told = AuditEvent.objects.filter(verb="application.doubled")
    assert {event.target_id for event in told} == {first.pk, second.pk}


@race
@committed
@pytest.mark.parametrize(("seconds", "numbers"), [(-1, {1}), (0.15, {1, 2}), (30, {2})])
def test_sending_again_at_the_close_leaves_one_that_counts(seconds, numbers):
    application, copy, person = reopened()
    Call.objects.filter(pk=application.call_id).update(closes_at=days.now() + seconds * SECOND)
    results = run_in_threads(6, lambda _: send(copy, person))
    number = is_whole(application)
    assert number in numbers
    refused = [one for one in results if isinstance(one, Exception)]
    assert all(isinstance(one, WrongStateError) for one in refused), refused
    assert (working_copy_of(application) is None) is (number == 2)


@race
@committed
@pytest.mark.parametrize("other", ["withdraw", "drop", "accept"])
def test_sending_again_against_another_step_has_one_outcome(other):
    application, copy, person = reopened(EligibleApplicationFactory)
    staff = CoordinatorFactory()
    steps = {
        "withdraw": lambda: services.withdraw_application(application=application, by=person),
        "drop": lambda: services.drop_changes(application=copy, by=person),
        "accept": lambda: services.decide_application(
            application=application, outcome=S.ACCEPTED, reason="Good.", by=staff
        ),
    }
    results = run_in_threads(2, lambda number: steps[other]() if number else send(copy, person))
    failed = [one for one in results if isinstance(one, Exception)]
    assert all(isinstance(one, PortalError) for one in failed), failed
    number = is_whole(application)
    application.refresh_from_db()
    ends = {
        "withdraw": {(S.WITHDRAWN, 1), (S.WITHDRAWN, 2)},
        "drop": {(S.ELIGIBLE, 1), (S.SUBMITTED, 2)},
        "accept": {(S.ACCEPTED, 1), (S.SUBMITTED, 2)},
    }
    assert (application.status, number) in ends[other]
