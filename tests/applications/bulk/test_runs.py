"""Something done with many applications: each by itself, once, and taken back."""

from dataclasses import replace

import pytest
from django.core import mail

from applications.acting import actions
from applications.assessment.models import Outcome
from applications.assessment.selectors.outcomes import readiness_of
from applications.assessment.services import (
    edit_letter,
    prepare_outcome,
    release_outcomes,
)
from applications.bulk import services
from applications.bulk.models import BulkRow, BulkRun
from applications.bulk.selectors import chosen_by, numbers_of, previewed
from applications.models import Application
from core.jobs.models import Job
from core.jobs.services import run_job
from core.jobs.states import JobState
from core.kit.errors import InvalidError, NotAllowedError, StaleError, WrongStateError
from core.trail.models import AuditEvent
from tests.factories.accounts import CoordinatorFactory, DeskFactory
from tests.factories.applications import (
    ConflictFactory,
    EligibleApplicationFactory,
    SubmittedApplicationFactory,
)
from tests.factories.outcomes import OutcomeFactory, ParagraphFactory
from tests.factories.programme import CallFactory

pytestmark = pytest.mark.django_db

REJECT = {"outcome": "rejected", "reason": "Others were stronger.", "paragraphs": []}
DECIDE = "assessment.prepare"


def looked(applications, by, values=REJECT, action=DECIDE):
    """Return what stands for each in the preview, as a page sends it along."""
    ids = [one.pk for one in applications]
    rows = previewed(actions()[action], chosen_by(by, ids), values, by)
    return {one.application.pk: one.mark for one in rows}


def begin(applications, by, values=REJECT, seen=None):
    seen = looked(applications, by, values) if seen is None else seen
    return services.start_run(action=DECIDE, values=values, seen=seen, by=by)


def work(run):
    run_job(pk=run.job_id)
    run.refresh_from_db()
    return run


def states(run):
    return list(run.rows.values_list("state", flat=True))


@pytest.fixture
def by():
    return CoordinatorFactory(full_name="Ilse Verbeek")


def test_preview_says_who_cannot_who_stays_and_who_changes(by):
    call = CallFactory()
    unchecked = SubmittedApplicationFactory(call=call)
    row = OutcomeFactory(
        application__call=call, outcome="rejected", reason=REJECT["reason"], prepared_by=by
    )
    other = OutcomeFactory(application__call=call, outcome="rejected", reason="Too small.")
    plain = EligibleApplicationFactory(call=call)

    everyone = Application.objects.filter(call=call)
    found = previewed(actions()[DECIDE], list(everyone), REJECT, by)

    by_id = {one.application.pk: one.change for one in found}
    assert [one.application.pk for one in found][:2] == [unchecked.pk, row.application_id]
    assert by_id[unchecked.pk].why_not
    assert "Ilse Verbeek" in by_id[row.application_id].note
    assert by_id[other.application_id].after == "Reject, with this reason"
    assert (by_id[plain.pk].before, by_id[plain.pk].after) == ("open", "Reject")


def test_preview_asks_as_often_for_three_as_for_one(by, django_assert_num_queries):
    call = CallFactory()
    paragraph = ParagraphFactory(call=call)
    values = REJECT | {"paragraphs": [paragraph.pk]}
    for number in (1, 2):
        OutcomeFactory.create_batch(number, application__call=call, outcome="rejected")
        rows = list(Application.objects.filter(call=call).select_related("organisation", "call"))
        with django_assert_num_queries(2):
            previewed(actions()[DECIDE], rows, values, by)


def test_reason_is_asked_for_before_anything_begins(by):
    application = EligibleApplicationFactory()
    with pytest.raises(InvalidError, match="Write the reason"):
        looked([application], by, REJECT | {"reason": ""})


def test_many_are_prepared_in_one_run_and_nobody_is_told(by):
    applications = EligibleApplicationFactory.create_batch(3)
    mail.outbox.clear()

    run = work(begin(applications, by))

    assert run.job.state == JobState.DONE
    assert numbers_of(run.rows).done == 3
    assert Outcome.objects.filter(outcome="rejected", prepared_by=by).count() == 3
    assert mail.outbox == []
    assert run.title == "Setting 3 applications to “Reject”"
    assert AuditEvent.objects.filter(verb="outcome.prepared").count() == 3


def test_what_a_colleague_changed_before_the_start_is_left_and_said(by):
    applications = EligibleApplicationFactory.create_batch(2)
    seen = looked(applications, by)
    prepare_outcome(
        application=applications[0], outcome="accepted", reason="Clear.", by=CoordinatorFactory()
    )

    run = work(begin(applications, by, seen=seen))

    left, done = (run.rows.get(application=one) for one in applications)
    assert (left.state, done.state) == ("left", "done")
    assert left.message == "Changed since you looked, and left as it is: Accept"
    assert applications[0].outcome.outcome == "accepted"


def test_what_a_colleague_changed_while_it_runs_is_left_and_said(by):
    applications = EligibleApplicationFactory.create_batch(2)
    run = begin(applications, by)
    prepare_outcome(
        application=applications[1], outcome="accepted", reason="Clear.", by=CoordinatorFactory()
    )

    work(run)

    assert sorted(states(run)) == ["done", "left"]
    assert Outcome.objects.get(application=applications[1]).outcome == "accepted"


def test_run_in_which_nothing_is_left_to_change_is_refused(by):
    application = EligibleApplicationFactory()
    seen = looked([application], by)
    prepare_outcome(application=application, outcome="held", reason="", by=by)
    with pytest.raises(WrongStateError, match="a colleague was first"):
        begin([application], by, seen=seen)
    assert not BulkRun.objects.exists()


def test_work_that_is_done_twice_writes_once(by):
    run = begin(EligibleApplicationFactory.create_batch(2), by)
    work(run)
    Job.objects.filter(pk=run.job_id).update(state=JobState.QUEUED)
    work(run)
    assert AuditEvent.objects.filter(verb="outcome.prepared").count() == 2
    assert set(Outcome.objects.values_list("version", flat=True)) == {1}


def test_desk_begins_nothing_that_is_a_coordinators(by):
    application = EligibleApplicationFactory()
    seen = looked([application], by)
    with pytest.raises(NotAllowedError):
        begin([application], DeskFactory(), seen=seen)


def test_who_has_a_link_with_an_applicant_does_nothing_with_it(by):
    linked, free = EligibleApplicationFactory.create_batch(2)
    seen = looked([linked, free], by)
    ConflictFactory(application=linked, person=by)
    run = work(begin([linked, free], by, seen=seen))
    assert [row.application_id for row in run.rows.all()] == [free.pk]


def test_link_declared_while_it_waits_leaves_the_application(by):
    linked, free = EligibleApplicationFactory.create_batch(2)
    run = begin([linked, free], by)
    ConflictFactory(application=linked, person=by)
    work(run)
    assert run.rows.get(application=linked).state == "left"
    assert not Outcome.objects.filter(application=linked).exists()


def test_person_who_lost_the_role_changes_nothing(by):
    run = begin([EligibleApplicationFactory()], by)
    by.staff_role = "observer"
    by.save()
    work(run)
    assert run.job.state == JobState.FAILED
    assert not Outcome.objects.exists()


def test_one_that_breaks_keeps_no_other_from_being_done(by, monkeypatch, caplog):
    first, second = EligibleApplicationFactory.create_batch(2)
    run = begin([first, second], by)
    action = actions()[DECIDE]
    does = action.do

    def breaks(application, *args):
        if application.pk == first.pk:
            raise RuntimeError
        return does(application, *args)

    monkeypatch.setitem(actions(), DECIDE, replace(action, do=breaks))
    work(run)
    assert run.rows.get(application=first).state == "left"
    assert "broke off" in run.rows.get(application=first).message
    assert run.rows.get(application=second).state == "done"
    assert "broke off" in caplog.text


# Stopping and going on -----------------------------------------------------------------


def test_stopped_run_keeps_what_is_done_and_goes_on_later(by):
    applications = EligibleApplicationFactory.create_batch(3)
    run = begin(applications, by)
    services.do_row(row=run.rows.first(), by=by)
    services.stop_run(run=run, by=by)
    work(run)
    assert states(run) == ["done", "waiting", "waiting"]

    run = services.go_on(run=run, by=by)
    work(run)
    assert states(run) == ["done"] * 3
    with pytest.raises(WrongStateError, match="Nothing waits"):
        services.go_on(run=run, by=by)


# Taking back ---------------------------------------------------------------------------


def test_all_is_taken_back_in_one_step_with_the_reason(by):
    plain = EligibleApplicationFactory()
    before = OutcomeFactory(outcome="accepted", reason="Clear.", prepared_by=CoordinatorFactory())
    run = work(begin([plain, before.application], by))

    work(services.undo_run(run=run, reason="The line was wrong.", by=by))

    assert states(run) == ["undone", "undone"]
    assert not Outcome.objects.filter(application=plain).exists()
    again = Outcome.objects.get(pk=before.pk)
    assert (again.outcome, again.reason, again.version) == ("accepted", "Clear.", 3)
    assert again.prepared_by == before.prepared_by
    assert again.prepared_at == before.prepared_at
    reasons = AuditEvent.objects.filter(verb="outcome.taken_back")
    assert {event.words.reason for event in reasons} == {"The line was wrong."}


def test_one_is_taken_back_and_the_others_stay(by):
    applications = EligibleApplicationFactory.create_batch(2)
    run = work(begin(applications, by))
    row = services.undo_row(row=run.rows.first(), reason="Another talk.", by=by)
    assert (row.state, row.message) == ("undone", "Another talk.")
    assert states(run) == ["undone", "done"]
    assert Outcome.objects.count() == 1


def test_taking_back_twice_changes_nothing(by):
    run = work(begin([EligibleApplicationFactory()], by))
    work(services.undo_run(run=run, reason="So.", by=by))
    services.undo_run(run=run, reason="Again.", by=by)
    services.undo_row(row=run.rows.get(), reason="Again.", by=by)
    run.refresh_from_db()
    assert run.undone_because == "So."
    assert AuditEvent.objects.filter(verb="outcome.taken_back").count() == 1


def test_taking_back_needs_a_reason(by):
    run = work(begin([EligibleApplicationFactory()], by))
    with pytest.raises(InvalidError):
        services.undo_run(run=run, reason=" ", by=by)


def test_what_was_changed_since_is_not_taken_back(by):
    application = EligibleApplicationFactory()
    run = work(begin([application], by))
    prepare_outcome(
        application=application, outcome="accepted", reason="Clear.", by=by, read_version=1
    )
    with pytest.raises(StaleError, match="Ilse Verbeek saved this first"):
        services.undo_row(row=run.rows.get(), reason="So.", by=by)
    work(services.undo_run(run=run, reason="So.", by=by))
    row = run.rows.get()
    assert (row.state, "saved this first" in row.message) == ("done", True)
    assert application.outcome.outcome == "accepted"


def test_letter_written_meanwhile_is_not_lost(by):
    application = EligibleApplicationFactory()
    run = work(begin([application], by))
    edit_letter(outcome=application.outcome, subject="Dear", text="Sorry.", by=by, read_version=1)
    with pytest.raises(WrongStateError, match="letter was written"):
        services.undo_row(row=run.rows.get(), reason="So.", by=by)
    assert application.outcome.drafts.exists()


def test_what_was_released_is_not_taken_back(by):
    application = EligibleApplicationFactory()
    run = work(begin([application], by))
    mark = readiness_of(by, application.call).mark
    release = release_outcomes(call=application.call, mark=mark, by=by)
    with pytest.raises(WrongStateError):
        services.undo_row(row=run.rows.get(), reason="So.", by=by)
    run_job(pk=release.job_id)
    with pytest.raises(WrongStateError):
        services.undo_row(row=run.rows.get(), reason="So.", by=by)
    assert Outcome.objects.get().is_released


def test_what_waits_is_not_done_once_all_is_taken_back(by):
    run = begin(EligibleApplicationFactory.create_batch(2), by)
    services.do_row(row=run.rows.first(), by=by)
    run = services.undo_run(run=run, reason="So.", by=by)
    services.do_row(row=run.rows.last(), by=by)
    work(run)
    assert states(run) == ["undone", "waiting"]
    assert not Outcome.objects.exists()


def test_city_on_the_reserve_list_gets_back_what_it_was_told(by):
    row = OutcomeFactory(outcome="reserve")
    mark = readiness_of(by, row.application.call).mark
    run_job(pk=release_outcomes(call=row.application.call, mark=mark, by=by).job_id)
    told = Outcome.objects.get(pk=row.pk)

    run = work(begin([row.application], by))
    assert not Outcome.objects.get().is_released
    work(services.undo_run(run=run, reason="So.", by=by))

    again = Outcome.objects.get()
    assert (again.outcome, again.decision, again.released_at, again.release) == (
        "reserve",
        told.decision,
        told.released_at,
        told.release,
    )


def test_row_stands_once_in_a_run(by):
    run = begin([EligibleApplicationFactory()], by)
    assert BulkRow.objects.count() == run.rows.count() == 1


# Taking back that breaks off, and colleagues ---------------------------------------------


def test_take_back_that_was_stopped_goes_on(by):
    run = work(begin(EligibleApplicationFactory.create_batch(2), by))
    run = services.undo_run(run=run, reason="So.", by=by)
    services.undo_row_of_run(row=run.rows.first(), by=by)
    run = services.stop_run(run=run, by=by)
    work(run)
    assert states(run) == ["undone", "done"]

    work(services.go_on(run=run, by=by))
    assert states(run) == ["undone", "undone"]
    with pytest.raises(WrongStateError, match="Nothing waits"):
        services.go_on(run=run, by=by)


def test_coordinator_stops_and_takes_back_what_a_colleague_began(by):
    colleague = CoordinatorFactory()
    run = begin(EligibleApplicationFactory.create_batch(2), by)
    services.do_row(row=run.rows.first(), by=by)
    services.stop_run(run=run, by=colleague)
    run.refresh_from_db()
    assert run.job.state == JobState.CANCELLED

    run = services.go_on(run=run, by=by)
    run = work(services.undo_run(run=run, reason="So.", by=colleague))
    assert states(run) == ["undone", "waiting"]
    assert run.undone_by == colleague


def test_desk_stops_no_run_of_a_colleague(by):
    run = begin([EligibleApplicationFactory()], by)
    with pytest.raises(NotAllowedError):
        services.stop_run(run=run, by=DeskFactory())
    run.refresh_from_db()
    assert run.is_working


def test_worker_that_comes_second_writes_nothing_over_what_is_done(by, monkeypatch):
    run = begin([EligibleApplicationFactory()], by)
    row = run.rows.get()
    services.do_row(row=row, by=by)

    def breaks(*_args):
        raise RuntimeError

    monkeypatch.setattr(services, "_do", breaks)
    services.do_row(row=row, by=by)
    assert states(run) == ["done"]


def test_role_that_is_taken_away_while_it_runs_ends_the_work(by):
    run = begin(EligibleApplicationFactory.create_batch(2), by)
    services.do_row(row=run.rows.first(), by=by)
    type(by).objects.filter(pk=by.pk).update(staff_role="observer")
    with pytest.raises(NotAllowedError):
        services.do_row(row=run.rows.last(), by=by)
    assert states(run) == ["done", "waiting"]


def test_nothing_is_done_or_taken_back_after_a_stop(by):
    run = begin(EligibleApplicationFactory.create_batch(2), by)
    services.do_row(row=run.rows.first(), by=by)
    services.stop_run(run=run, by=by)
    services.do_row(row=run.rows.last(), by=by)
    assert states(run) == ["done", "waiting"]

    services.undo_run(run=run, reason="So.", by=by)
    services.stop_run(run=run, by=by)
    services.undo_row_of_run(row=run.rows.first(), by=by)
    assert states(run) == ["done", "waiting"]
