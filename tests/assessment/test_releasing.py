"""The release: each city by exactly one letter, what fails is named and tried again."""

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction

from accounts.models import User
from applications.assessment import services
from applications.assessment.models import Letter, Outcome, Release
from applications.assessment.selectors.outcomes import readiness_of
from applications.assessment.services import releasing
from applications.assessment.services.letters import preview_of
from applications.assessment.services.releasing import tell_outcome, waiting_in
from applications.mails import outdated
from applications.models import Application, Decision
from applications.services import decide_application, withdraw_application
from applications.services.letters import LONGEST_LETTER
from applications.states import ApplicationStatus
from core.jobs.models import Job
from core.jobs.services import run_job
from core.kit import days
from core.kit.errors import InvalidError, NotAllowedError, PortalError, StaleError, WrongStateError
from core.post.models import Mail
from core.post.texts import LONGEST_SUBJECT
from core.trail.models import AuditEvent
from tests.factories.accounts import CoordinatorFactory, DeskFactory, ObserverFactory
from tests.factories.applications import EligibleApplicationFactory, SubmissionFactory
from tests.factories.outcomes import OutcomeFactory
from tests.factories.programme import CallFactory, MembershipFactory
from tests.infra.threads import run_in_threads

race = pytest.mark.postgres
committed = pytest.mark.django_db(transaction=True)


def prepared(number=1, call=None, **values):
    call = call or CallFactory()
    return [
        OutcomeFactory(application=EligibleApplicationFactory(call=call), **values)
        for _ in range(number)
    ]


def release(call, by):
    return services.release_outcomes(call=call, mark=readiness_of(by, call).mark, by=by)


def work(release):
    run_job(pk=release.job_id)
    release.refresh_from_db()
    assert release.job.state == "done", release.job.message


def letters_to(application):
    return [one for one in mail.outbox if application.reference in one.subject]


@pytest.mark.django_db
def test_nothing_leaves_before_the_release_and_then_each_city_gets_its_letter():
    by = CoordinatorFactory()
    rows = prepared(3)
    call = rows[0].application.call
    leads = [
        MembershipFactory(organisation=row.application.organisation, role="lead").user
        for row in rows
    ]
    assert mail.outbox == []
    found = release(call, by)
    assert mail.outbox == []
    work(found)
    for row, lead in zip(rows, leads, strict=True):
        row.refresh_from_db()
        row.application.refresh_from_db()
        assert (row.application.status, row.is_released) == ("accepted", True)
        assert row.decision.reason == row.reason
        assert row.decision.letter.release == found
        # The lead and both contacts, each once; who is outside the portal is led to no page of it.
        assert len(letters_to(row.application)) == 3
        [told] = [each for each in letters_to(row.application) if each.to == [lead.email]]
        assert row.decision.letter.text == told.body
    verbs = AuditEvent.objects.values_list("verb", flat=True)
    assert list(verbs).count("outcome.released") == 3
    assert list(verbs).count("call.released") == 1


@pytest.mark.django_db
def test_held_and_undecided_ones_stay_behind():
    by = CoordinatorFactory()
    (going,) = prepared()
    call = going.application.call
    prepared(call=call, is_held=True)
    prepared(call=call, outcome="held", reason="")
    EligibleApplicationFactory(call=call)
    ready = readiness_of(by, call)
    assert (ready.total, ready.held, ready.undecided) == (1, 2, 1)
    assert ready.by_outcome[0] == ("accepted", "Accept", 1)
    work(release(call, by))
    told = Application.objects.filter(call=call, status=ApplicationStatus.ACCEPTED)
    assert list(told) == [going.application]


@pytest.mark.django_db
def test_own_letter_leaves_and_is_all_that_the_city_reads():
    (row,) = prepared()
    by = row.prepared_by
    services.edit_letter(
        outcome=row, subject="For you", text="Our own words.", by=by, read_version=1
    )
    work(release(row.application.call, by))
    decision = Decision.objects.get(stage="outcome")
    assert mail.outbox[0].subject == "For you"
    assert "Our own words." in mail.outbox[0].body
    assert "Our own words." in mail.outbox[0].alternatives[0].content
    assert row.reason not in mail.outbox[0].body
    assert (decision.reason, decision.letter.is_own) == ("Our own words.", True)


@pytest.mark.django_db
def test_release_of_what_was_changed_since_the_question_is_refused():
    (row,) = prepared()
    by, call = row.prepared_by, row.application.call
    mark = readiness_of(by, call).mark
    services.hold_letter(outcome=row, held=True, by=by, read_version=1)
    services.hold_letter(outcome=row, held=False, by=by, read_version=2)
    with pytest.raises(StaleError):
        services.release_outcomes(call=call, mark=mark, by=by)
    assert not Release.objects.exists()


@pytest.mark.django_db
def test_release_of_nothing_is_refused():
    call, by = CallFactory(), CoordinatorFactory()
    with pytest.raises(WrongStateError):
        release(call, by)


@pytest.mark.django_db
@pytest.mark.parametrize("factory", [DeskFactory, ObserverFactory])
def test_only_coordinators_release(factory):
    (row,) = prepared()
    with pytest.raises(NotAllowedError):
        release(row.application.call, factory())


@pytest.mark.django_db
def test_what_is_being_released_is_not_changed():
    (row,) = prepared()
    by = row.prepared_by
    release(row.application.call, by)
    row.refresh_from_db()
    with pytest.raises(WrongStateError):
        services.hold_letter(outcome=row, held=True, by=by, read_version=1)
    with pytest.raises(WrongStateError):
        services.prepare_outcome(
            application=row.application, outcome="rejected", reason="x", by=by, read_version=1
        )


@pytest.mark.django_db
def test_what_fails_is_named_the_others_are_told_and_it_can_be_released_again():
    by = CoordinatorFactory()
    gone, again, fine = prepared(3)
    call = fine.application.call
    call_release = release(call, by)
    lead = MembershipFactory(organisation=gone.application.organisation, role="lead").user
    withdraw_application(application=gone.application, by=lead)
    SubmissionFactory(application=again.application, number=2)
    mail.outbox.clear()
    work(call_release)
    for row in (gone, again, fine):
        row.refresh_from_db()
    assert "has moved on: Withdrawn" in gone.failure
    assert "sent again" in again.failure
    assert fine.is_released
    assert letters_to(gone.application) == letters_to(again.application) == []
    with pytest.raises(WrongStateError):
        services.retry_release(release=call_release, by=by)
    services.prepare_outcome(
        application=again.application, outcome="reserve", reason="Full.", by=by, read_version=1
    )
    work(release(call, by))
    again.application.refresh_from_db()
    assert again.application.status == "reserve"
    assert len(letters_to(fine.application)) == 2


@pytest.mark.django_db
def test_work_that_broke_off_goes_on_where_it_was():
    by = CoordinatorFactory()
    rows = prepared(3)
    found = release(rows[0].application.call, by)
    first = waiting_in(found)[0]
    assert tell_outcome(outcome=first, release=found, by=by)
    assert not tell_outcome(outcome=first, release=found, by=by)
    Job.objects.update(state="failed")
    work(services.retry_release(release=found, by=by))
    assert Letter.objects.count() == 3
    assert len(mail.outbox) == 6


@pytest.mark.django_db
def test_nothing_is_told_once_the_work_is_stopped_or_a_role_taken_away():
    by = CoordinatorFactory()
    rows = prepared(2)
    found = release(rows[0].application.call, by)
    first, second = waiting_in(found)
    Job.objects.update(state="cancelled")
    assert not tell_outcome(outcome=first, release=found, by=by)
    Job.objects.update(state="running")
    assert tell_outcome(outcome=first, release=found, by=by)

    User.objects.filter(pk=by.pk).update(staff_role="observer")
    with pytest.raises(NotAllowedError):
        tell_outcome(outcome=second, release=found, by=by)
    assert waiting_in(found) == [second]
    assert Letter.objects.count() == 1


@pytest.mark.django_db
def test_database_takes_no_second_letter_on_a_decision():
    (row,) = prepared()
    work(release(row.application.call, row.prepared_by))
    letter = Letter.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.create(
            decision=letter.decision, language="es", subject="Again", text="Again"
        )


@pytest.mark.django_db
def test_reserve_that_was_told_is_released_again_once_prepared_anew():
    by = CoordinatorFactory()
    (row,) = prepared(outcome="reserve")
    call = row.application.call
    work(release(call, by))
    row.refresh_from_db()
    services.prepare_outcome(
        application=row.application, outcome="accepted", reason="A place.", by=by, read_version=1
    )
    work(release(call, by))
    row.application.refresh_from_db()
    assert row.application.status == "accepted"
    assert [one.number for one in call.releases.order_by("number")] == [1, 2]
    assert Letter.objects.count() == 2


@pytest.mark.django_db
def test_longest_letter_in_own_words_leaves():
    (row,) = prepared()
    words = "a" * LONGEST_LETTER
    services.edit_letter(
        outcome=row, subject="For you", text=words, by=row.prepared_by, read_version=1
    )
    work(release(row.application.call, row.prepared_by))
    row.refresh_from_db()
    assert (row.failure, row.is_released) == ("", True)
    assert row.decision.reason == words


@pytest.mark.django_db
def test_letter_is_measured_with_its_placeholders_filled():
    (row,) = prepared()
    for values in (
        {"subject": "s", "text": "a" * (LONGEST_LETTER - len("{city}")) + "{city}"},
        {"subject": "a" * (LONGEST_SUBJECT - len("{call}")) + "{call}", "text": "t"},
    ):
        with pytest.raises(InvalidError, match="at most"):
            services.edit_letter(outcome=row, by=row.prepared_by, read_version=1, **values)


@pytest.mark.django_db
def test_letter_that_is_held_after_its_release_began_stays_behind():
    (row,) = prepared()
    by, call = row.prepared_by, row.application.call
    found = release(call, by)
    # As the correction of a decision holds what was prepared before.
    Outcome.objects.update(is_held=True)
    work(found)
    row.refresh_from_db()
    assert not row.is_released
    assert "held back" in row.failure
    services.hold_letter(outcome=row, held=False, by=by, read_version=1)
    assert readiness_of(by, call).total == 1


@pytest.mark.django_db
def test_who_has_sent_again_is_prepared_anew_before_a_release():
    (row,) = prepared()
    by, call = row.prepared_by, row.application.call
    assert (readiness_of(by, call).total, readiness_of(by, call).overtaken) == (1, 0)
    SubmissionFactory(application=row.application, number=2)
    ready = readiness_of(by, call)
    assert (ready.total, ready.overtaken) == (0, 1)
    with pytest.raises(WrongStateError, match="Nothing is ready"):
        release(call, by)
    services.prepare_outcome(
        application=row.application, outcome="reserve", reason="Full.", by=by, read_version=1
    )
    assert readiness_of(by, call).total == 1


@pytest.mark.django_db
def test_one_that_breaks_keeps_no_other_from_being_told(monkeypatch):
    by = CoordinatorFactory()
    poison, fine = prepared(2, call=CallFactory())
    found = release(fine.application.call, by)

    def preview(outcome):
        if outcome.pk == poison.pk:
            raise RuntimeError
        return preview_of(outcome)

    monkeypatch.setattr(releasing, "preview_of", preview)
    work(found)
    for row in (poison, fine):
        row.refresh_from_db()
    assert fine.is_released
    assert "broke off" in poison.failure
    monkeypatch.undo()
    work(release(fine.application.call, by))
    poison.refresh_from_db()
    assert poison.is_released


@pytest.mark.django_db
def test_letter_does_not_leave_once_its_outcome_was_put_right(outbox):
    (row,) = prepared()
    by = row.prepared_by
    services.send_test_letter(outcome=row, by=by)
    with time_machine.travel(days.now(), tick=False) as clock:
        work(release(row.application.call, by))
        first = set(Mail.objects.filter(kind="application_decided").exclude(owner=f"user:{by.pk}"))
        assert len(first) == 2
        assert outdated(Mail.objects.all()) == {}
        clock.shift(60)
        correction = services.prepare_correction(
            application=row.application, outcome="rejected", reason="A slip.", words="So.", by=by
        )
        services.confirm_correction(correction=correction, by=CoordinatorFactory(), read_version=1)
    assert set(outdated(Mail.objects.all())) == {one.pk for one in first}
    Application.objects.update(status=ApplicationStatus.WITHDRAWN)
    assert len(outdated(Mail.objects.all())) == 4


# Races ------------------------------------------------------------------------------


@race
@committed
def test_two_releases_at_once_write_one_letter_each():
    one, other = CoordinatorFactory(), CoordinatorFactory()
    rows = prepared(3)
    call = rows[0].application.call
    marks = [readiness_of(by, call).mark for by in (one, other)]

    def go(number):
        by = (one, other)[number]
        found = services.release_outcomes(call=call, mark=marks[number], by=by)
        run_job(pk=found.job_id)
        return found

    results = run_in_threads(2, go)
    failed = [one for one in results if isinstance(one, Exception)]
    assert len(failed) == 1
    assert isinstance(failed[0], WrongStateError)
    assert Release.objects.count() == 1
    assert Letter.objects.count() == 3
    assert all(len(letters_to(row.application)) == 2 for row in rows)


@race
@committed
def test_hold_against_release_leaves_nothing_held_in_a_release():
    (row,) = prepared()
    by, call = CoordinatorFactory(), row.application.call
    mark = readiness_of(by, call).mark
    steps = [
        lambda: services.release_outcomes(call=call, mark=mark, by=by),
        lambda: services.hold_letter(outcome=row, held=True, by=by, read_version=1),
    ]
    results = run_in_threads(2, lambda number: steps[number]())
    row.refresh_from_db()
    assert row.is_held == (row.release is None)
    assert [isinstance(one, PortalError) for one in results].count(True) == 1


@race
@committed
def test_two_workers_on_one_release_write_one_letter_each():
    by = CoordinatorFactory()
    rows = prepared(3)
    found = release(rows[0].application.call, by)

    def go(_number):
        return [tell_outcome(outcome=row, release=found, by=by) for row in waiting_in(found)]

    results = run_in_threads(2, go)
    assert sum(map(sum, results)) == 3
    assert Letter.objects.count() == 3
    assert len(mail.outbox) == 6


@race
@committed
def test_withdraw_against_accept_has_one_outcome():
    (row,) = prepared()
    application, by = row.application, CoordinatorFactory()
    lead = MembershipFactory(organisation=application.organisation, role="lead").user
    found = release(application.call, by)
    steps = [
        lambda: tell_outcome(outcome=row, release=found, by=by),
        lambda: withdraw_application(application=application, by=lead),
    ]
    told, withdrawn = run_in_threads(2, lambda number: steps[number]())
    application.refresh_from_db()
    row.refresh_from_db()
    if told:
        assert isinstance(withdrawn, PortalError)
        assert (application.status, row.is_released) == ("accepted", True)
    else:
        assert (application.status, row.is_released) == ("withdrawn", False)
        assert row.failure
        assert not Letter.objects.exists()


@race
@committed
def test_two_who_prepare_at_once_leave_one_outcome():
    application = EligibleApplicationFactory()
    people = [CoordinatorFactory(), CoordinatorFactory()]

    def go(number):
        return services.prepare_outcome(
            application=application,
            outcome=("accepted", "rejected")[number],
            reason="So.",
            by=people[number],
        )

    results = run_in_threads(2, go)
    refused = [one for one in results if isinstance(one, Exception)]
    assert [type(one) for one in refused] == [StaleError]
    row = Outcome.objects.get()
    assert row.version == 1
    assert row in results


@race
@committed
def test_prepared_against_decided_does_not_touch_what_is_told():
    application, by = EligibleApplicationFactory(), CoordinatorFactory()
    steps = [
        lambda: services.prepare_outcome(
            application=application, outcome="rejected", reason="So.", by=by
        ),
        lambda: decide_application(
            application=application, outcome="accepted", reason="Good.", by=by
        ),
    ]
    run_in_threads(2, lambda number: steps[number]())
    application.refresh_from_db()
    assert application.status == "accepted"
    assert not Outcome.objects.ready().exists()
