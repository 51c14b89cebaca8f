"""Naming an assessor for many, asking many the same question, writing to many."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse

from applications.acting import actions
from applications.bulk import services
from applications.bulk.selectors import chosen_by, previewed
from applications.models import Assignment, Clarification, Submission
from applications.services import assign_assessor, unassign_assessor, write_to_applicant
from core.jobs.services import run_job
from core.kit.days import today
from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.post.models import Mail
from core.post.states import MailStatus
from core.trail.selectors import events_of
from tests.factories.accounts import AssessorFactory, CoordinatorFactory, DeskFactory
from tests.factories.applications import (
    AcceptedApplicationFactory,
    AssignmentFactory,
    ConflictFactory,
    EligibleApplicationFactory,
    SubmittedApplicationFactory,
)
from tests.factories.assessment import AssessmentFactory
from tests.factories.programme import PartnerCountryFactory

pytestmark = pytest.mark.django_db

ASSIGN, ASK = "applications.assign", "applications.ask"


def looked(action, applications, values, by):
    ids = [one.pk for one in applications]
    rows = previewed(actions()[action], chosen_by(by, ids), values, by)
    return {one.application.pk: one for one in rows}


def run(action, applications, values, by):
    found = looked(action, applications, values, by)
    seen = {pk: one.mark for pk, one in found.items()}
    begun = services.start_run(action=action, values=values, seen=seen, by=by)
    run_job(pk=begun.job_id)
    begun.refresh_from_db()
    return begun


@pytest.fixture
def by():
    return CoordinatorFactory()


@pytest.fixture
def person():
    return AssessorFactory(full_name="Ana Šimić")


def question(**values):
    day = (today() + dt.timedelta(days=7)).isoformat()
    return {"row": "contact", "question": "Who decides?", "due_on": day, **values}


# Assessors -----------------------------------------------------------------------------


def test_preview_of_an_assessor_says_who_is_linked_and_who_reads_it(by, person):
    free, linked, has = EligibleApplicationFactory.create_batch(3)
    ConflictFactory(application=linked, person=person)
    AssignmentFactory(application=has, assessor=person)
    found = looked(ASSIGN, [free, linked, has], {"assessor": person.pk}, by)
    assert (found[free.pk].change.before, found[free.pk].change.after) == ("nobody", "Ana Šimić")
    assert found[linked.pk].change.why_not == "Ana Šimić has a link with this applicant."
    assert found[has.pk].change.note == "Ana Šimić reads it already."


def test_assessor_is_named_for_many_and_taken_off_again(by, person):
    applications = EligibleApplicationFactory.create_batch(3)
    done = run(ASSIGN, applications, {"assessor": person.pk}, by)
    assert Assignment.objects.filter(assessor=person).count() == 3
    undone = services.undo_run(run=done, reason="Somebody else.", by=by)
    run_job(pk=undone.job_id)
    assert not Assignment.objects.exists()


def test_assessor_who_has_begun_stays(by, person):
    application = EligibleApplicationFactory()
    done = run(ASSIGN, [application], {"assessor": person.pk}, by)
    AssessmentFactory(assignment=Assignment.objects.get())
    with pytest.raises(InvalidError, match="has begun to assess it"):
        services.undo_row(row=done.rows.get(), reason="So.", by=by)


def test_assessor_who_is_named_anew_or_kept_by_hand_is_not_taken_off(by, person):
    first, second = EligibleApplicationFactory.create_batch(2)
    done = run(ASSIGN, [first, second], {"assessor": person.pk}, by)
    unassign_assessor(application=first, assessor=person, by=by)
    again = assign_assessor(application=first, assessor=person, by=CoordinatorFactory())
    services.undo_row(row=done.rows.get(application=first), reason="So.", by=by)
    assert Assignment.objects.filter(pk=again.pk).exists()

    Assignment.objects.filter(application=second).update(is_locked=True)
    with pytest.raises(WrongStateError, match="kept by hand"):
        services.undo_row(row=done.rows.get(application=second), reason="So.", by=by)


def test_another_assessor_in_the_place_of_one_is_a_change(by, person):
    application = EligibleApplicationFactory()
    one = AssignmentFactory(application=application)
    before = looked(ASSIGN, [application], {"assessor": person.pk}, by)
    one.delete()
    AssignmentFactory(application=application)
    after = looked(ASSIGN, [application], {"assessor": person.pk}, by)
    assert before[application.pk].mark != after[application.pk].mark


def test_person_who_is_no_assessor_is_refused(by):
    with pytest.raises(InvalidError, match="Choose an assessor"):
        looked(ASSIGN, [EligibleApplicationFactory()], {"assessor": by.pk}, by)


@pytest.mark.parametrize("number", [1, 3])
def test_preview_of_an_assessor_asks_as_often(number, by, person, django_assert_num_queries):
    rows = chosen_by(by, [one.pk for one in EligibleApplicationFactory.create_batch(number)])
    with django_assert_num_queries(4):
        previewed(actions()[ASSIGN], rows, {"assessor": person.pk}, by)


# Questions -----------------------------------------------------------------------------


def test_many_are_asked_each_once_by_its_own_mail(by):
    applications = SubmittedApplicationFactory.create_batch(2)
    decided = AcceptedApplicationFactory()
    mail.outbox.clear()
    found = looked(ASK, [*applications, decided], question(), by)
    assert found[decided.pk].change.why_not

    done = run(ASK, applications, question(), by)

    assert set(done.rows.values_list("state", flat=True)) == {"done"}
    assert Clarification.objects.count() == 2
    again = looked(ASK, applications, question(), by)
    assert not any(one.change.is_change for one in again.values())
    with pytest.raises(WrongStateError, match="cannot be taken back"):
        services.undo_run(run=done, reason="So.", by=by)


def test_who_has_no_such_answer_is_not_asked(by):
    application = SubmittedApplicationFactory()
    assert Submission.objects.filter(application=application).exists()
    found = looked(ASK, [application], question(row="nothing"), by)
    assert found[application.pk].change.why_not == "It has no such answer."


def test_desk_asks_within_its_region_alone():
    india, japan = PartnerCountryFactory(), PartnerCountryFactory(code="JP", name="Japan")
    theirs = SubmittedApplicationFactory(partner_countries=[india])
    others = SubmittedApplicationFactory(partner_countries=[japan])
    desk, coordinator = DeskFactory(countries=[india]), CoordinatorFactory()
    seen = {
        pk: one.mark for pk, one in looked(ASK, [theirs, others], question(), coordinator).items()
    }

    done = services.start_run(action=ASK, values=question(), seen=seen, by=desk)
    run_job(pk=done.job_id)

    assert [row.application for row in done.rows.all()] == [theirs]
    assert [row.application for row in Clarification.objects.all()] == [theirs]


def test_application_that_leaves_the_region_while_it_waits_is_left(by):
    india, japan = PartnerCountryFactory(), PartnerCountryFactory(code="JP", name="Japan")
    application = SubmittedApplicationFactory(partner_countries=[india])
    desk = DeskFactory(countries=[india])
    seen = {pk: one.mark for pk, one in looked(ASK, [application], question(), desk).items()}
    done = services.start_run(action=ASK, values=question(), seen=seen, by=desk)
    application.partner_countries.set([japan])

    run_job(pk=done.job_id)

    assert done.rows.get().state == "left"
    assert not Clarification.objects.exists()


def test_desk_names_no_assessor(person):
    application = EligibleApplicationFactory()
    with pytest.raises(NotAllowedError):
        services.start_run(
            action=ASSIGN,
            values={"assessor": person.pk},
            seen={application.pk: "1000000000000"},
            by=DeskFactory(),
        )


# Writing ------------------------------------------------------------------------------

WRITE = "applications.write"
WORDS = {"subject": "News for {city}", "text": "Dear {city},\n\nthe talks begin on Monday."}


def test_preview_names_who_is_written_to_and_who_is_left_out(by):
    plain = EligibleApplicationFactory()
    gone = SubmittedApplicationFactory(status="withdrawn")
    nobody = EligibleApplicationFactory(contact_email="", deputy_email="")
    nobody.submissions.get().by.delete()
    linked = EligibleApplicationFactory()
    ConflictFactory(application=linked, person=by)
    found = looked(WRITE, [plain, gone, nobody, linked], WORDS, by)
    assert set(found) == {plain.pk, gone.pk, nobody.pk}
    assert found[plain.pk].change.note == "ana@city.example, iva@city.example"
    assert found[plain.pk].change.after == "2 mails"
    assert found[gone.pk].change.why_not == "It was withdrawn."
    assert "no lead and no contact" in found[nobody.pk].change.why_not


def test_words_that_do_not_fit_are_refused_before_anything_is_shown(by):
    with pytest.raises(InvalidError, match="Nothing fills {rank}"):
        looked(WRITE, [EligibleApplicationFactory()], WORDS | {"text": "{rank}"}, by)


@pytest.mark.usefixtures("outbox")
def test_each_is_written_to_once_and_it_is_on_record(by):
    one = EligibleApplicationFactory(organisation__name="Parma {call}")
    other = EligibleApplicationFactory()
    begun = run(WRITE, [one, other], WORDS, by)
    run_job(pk=begun.job_id)
    mails = Mail.objects.filter(kind="application_message")
    assert mails.count() == 4
    mine = mails.filter(about=f"application:{one.pk}")
    assert {m.subject for m in mine} == {"News for Parma {call}"}
    assert "Dear Parma {call},\n\nthe talks begin" in mine[0].text
    assert "<p>Dear Parma {call},</p>" in mine[0].html
    assert [e.verb for e in events_of(one)] == ["application.message_sent"]
    # The same once more: everybody has it.
    again = looked(WRITE, [one, other], WORDS, by)
    assert {row.change.note for row in again.values()} == {"It has had this mail."}
    assert not any(row.change.is_change for row in again.values())


@pytest.mark.usefixtures("outbox")
def test_what_has_not_left_is_taken_back_and_what_has_stays(by):
    waits, left = EligibleApplicationFactory.create_batch(2)
    begun = run(WRITE, [waits, left], WORDS, by)
    first = Mail.objects.filter(about=f"application:{left.pk}").first()
    Mail.objects.filter(pk=first.pk).update(status=MailStatus.SENT)
    begun = services.undo_run(run=begun, reason="A wrong day.", by=by)
    run_job(pk=begun.job_id)
    states = Mail.objects.order_by("about").values_list("about", "status")
    assert set(states) == {
        (f"application:{waits.pk}", "withdrawn"),
        (f"application:{left.pk}", "sent"),
        (f"application:{left.pk}", "queued"),
    }
    rows = {row.application_id: row for row in begun.rows.all()}
    assert rows[waits.pk].state == "undone"
    assert (rows[left.pk].state, "It has left" in rows[left.pk].message) == ("done", True)
    assert events_of(waits)[0].verb == "application.message_taken_back"


@pytest.mark.parametrize("number", [1, 3])
def test_preview_of_a_mail_takes_the_same_queries(number, by, django_assert_num_queries):
    applications = EligibleApplicationFactory.create_batch(number)
    action, ids = actions()[WRITE], [one.pk for one in applications]
    rows = chosen_by(by, ids)
    with django_assert_num_queries(4):
        previewed(action, rows, WORDS, by)


def test_desk_writes_to_its_own_alone(by):
    application = EligibleApplicationFactory(partner_countries=[PartnerCountryFactory()])
    with pytest.raises(NotAllowedError):
        write_to_applicant(application=application, **WORDS, by=DeskFactory())


def test_page_shows_the_mail_of_the_one_that_is_asked_for(by, sign_in, settings):
    settings.DEMO = True  # spares staff the second factor
    first, second = (EligibleApplicationFactory(organisation__name=name) for name in "AB")
    url = reverse("bulk:choose") + f"?id={first.pk}&id={second.pk}&action={WRITE}"
    page = sign_in(by).post(url, WORDS | {"shown": str(second.pk)}).content.decode()
    assert "The mail to B" in page
    assert "News for B" in page
    assert "ana@city.example" in page
    assert "To whom, or why not" in page
