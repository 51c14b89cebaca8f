"""Questions of staff on single answers: one answer opens, and what was sent stays."""

import datetime as dt
from functools import partial

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications import services
from applications.duties import clarifications
from applications.models import Clarification
from applications.selectors import files_of
from applications.states import ApplicationStatus
from core.duties.catalogue import Ask, key_of
from core.kit.days import end_of, today
from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.kit.fingerprints import fingerprint
from core.post.models import Mail
from core.trail.models import AuditEvent
from programme.organisations.states import MembershipRole
from tests.factories.accounts import AssessorFactory, CoordinatorFactory
from tests.factories.applications import (
    AssignmentFactory,
    ClarificationFactory,
    SubmittedApplicationFactory,
)
from tests.factories.files import PDF, pdf
from tests.factories.programme import ClosedCallFactory, MembershipFactory

pytestmark = pytest.mark.django_db
SOON = dt.timedelta(days=7)


def lead_of(application, role=MembershipRole.LEAD):
    return MembershipFactory(
        organisation=application.organisation, role=role, user__email="ana@city.example"
    ).user


def ask(application, by, **values):
    wanted = {"row": "contact", "question": "Which office?", "due_on": today() + SOON}
    return services.ask_clarification(application=application, by=by, **(wanted | values))


def answer(asked, by, kind="explain", text="That of the deputy mayor."):
    return services.answer_clarification(clarification=asked, kind=kind, answer=text, by=by)


def a_file(name="figures.pdf"):
    return SimpleUploadedFile(name, PDF)


@pytest.fixture
def staff():
    return CoordinatorFactory(email="coordinator@unit.example")


@pytest.fixture
def asked(staff):
    """A question asked after the close of the call, and the lead of its city."""
    application = SubmittedApplicationFactory(call=ClosedCallFactory())
    person = lead_of(application)
    return ask(application, staff), person


def test_asking_writes_to_the_city_and_is_recorded(asked, mailoutbox):
    found, _person = asked
    assert found.label == "Administrative contact"
    assert found.sent_text == "Ana Kovačević"
    assert found.due_at == end_of(today() + SOON)
    assert [mail.to[0] for mail in mailoutbox] == ["ana@city.example", "iva@city.example"]
    mail = mailoutbox[0]
    assert "Which office?" in mail.body
    assert "/clarifications/" in mail.body
    [event] = AuditEvent.objects.filter(verb="application.clarification_asked")
    assert event.details == {
        "clarified": "Administrative contact",
        "due": (today() + SOON).isoformat(),
    }


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"row": "secret"}, "row"),
        ({"question": " "}, "question"),
        ({"due_on": today() - dt.timedelta(days=1)}, "due_on"),
    ],
)
def test_asking_needs_an_answer_a_question_and_a_day(staff, values, field):
    with pytest.raises(InvalidError) as error:
        ask(SubmittedApplicationFactory(), staff, **values)
    assert error.value.field == field


def test_decided_application_is_not_asked(staff):
    with pytest.raises(WrongStateError):
        ask(SubmittedApplicationFactory(status=ApplicationStatus.REJECTED), staff)


def test_answer_stands_beside_what_was_sent(asked, mailoutbox):
    found, person = asked
    submission = found.submission
    mailoutbox.clear()
    found = answer(found, person)
    assert found.is_answered
    assert found.sha256 == fingerprint(
        {
            "submission": submission.sha256,
            "row": "contact",
            "question": "Which office?",
            "kind": "explain",
            "answer": "That of the deputy mayor.",
        }
    )
    found.application.refresh_from_db()
    assert found.application.contact_name == "Ana Kovačević"
    assert found.application.submissions.get().sha256 == submission.sha256
    [mail] = mailoutbox
    assert mail.to == ["coordinator@unit.example"]
    assert "That of the deputy mayor." in mail.body


def test_answer_sent_twice_is_one_and_another_is_refused(asked, mailoutbox):
    found, person = asked
    mailoutbox.clear()
    for _ in range(3):
        answer(found, person)
    assert len(mailoutbox) == 1
    assert AuditEvent.objects.filter(verb="application.clarification_answered").count() == 1
    with pytest.raises(WrongStateError, match="answered meanwhile"):
        answer(found, person, text="Another.")


def test_correction_says_something_new(asked):
    found, person = asked
    with pytest.raises(InvalidError, match="what you sent"):
        answer(found, person, kind="correct", text="Ana Kovačević")
    assert answer(found, person, kind="correct", text="Ana Kovač").is_correction


@pytest.mark.parametrize(("seconds", "taken"), [(-1, True), (0, True), (1, False)])
def test_answer_counts_until_the_last_second(asked, seconds, taken):
    found, person = asked
    with time_machine.travel(found.due_at + dt.timedelta(seconds=seconds), tick=False):
        if taken:
            assert answer(found, person).is_answered
        else:
            with pytest.raises(WrongStateError, match="date for this answer is over"):
                answer(found, person)


def test_late_question_is_answered_once_staff_set_a_later_date(asked, staff, mailoutbox):
    found, person = asked
    with time_machine.travel(found.due_at + dt.timedelta(days=2), tick=False):
        mailoutbox.clear()
        services.extend_clarification(
            clarification=found, due_on=today() + dt.timedelta(days=5), by=staff
        )
        assert "more time" in mailoutbox[0].body
        assert answer(found, person).is_answered


def test_date_is_never_set_earlier(asked, staff):
    found, _person = asked
    with pytest.raises(InvalidError, match="counts on its date"):
        services.extend_clarification(
            clarification=found, due_on=today() + dt.timedelta(days=2), by=staff
        )


def test_taking_back_ends_what_the_city_owes(asked, staff, mailoutbox):
    found, person = asked
    mailoutbox.clear()
    for _ in range(2):
        found = services.withdraw_clarification(
            clarification=found, reason="Found in the letter.", by=staff
        )
    assert len(mailoutbox) == 2
    assert "Found in the letter." in mailoutbox[0].body
    assert list(clarifications.find(Ask())) == []
    with pytest.raises(WrongStateError, match="taken back"):
        answer(found, person)


@pytest.mark.usefixtures("outbox")
def test_mail_that_waits_is_taken_back_with_the_question(staff):
    application = SubmittedApplicationFactory()
    lead_of(application)
    found = ask(application, staff)
    services.withdraw_clarification(clarification=found, reason="Found it.", by=staff)
    mails = Mail.objects.filter(kind="clarification_asked")
    assert [mail.status for mail in mails] == ["withdrawn", "withdrawn"]


def test_either_side_writes_in_the_thread_and_it_is_no_answer(asked, staff, mailoutbox):
    found, person = asked
    mailoutbox.clear()
    services.write_on_clarification(clarification=found, text="Which year?", by=person)
    services.write_on_clarification(clarification=found, text="This one.", by=staff)
    assert [mail.to[0] for mail in mailoutbox] == [
        "coordinator@unit.example",
        "ana@city.example",
        "iva@city.example",
    ]
    assert [row.words for row in found.thread.messages.all()] == ["Which year?", "This one."]
    assert not Clarification.objects.get(pk=found.pk).is_answered
    viewer = MembershipFactory(
        organisation=found.application.organisation, role=MembershipRole.VIEWER
    ).user
    with pytest.raises(NotAllowedError):
        services.write_on_clarification(clarification=found, text="Hm.", by=viewer)


def test_question_is_a_duty_of_its_city_until_it_is_answered(asked):
    found, person = asked
    [duty] = clarifications.find(Ask())
    assert duty.about == key_of(found)
    assert duty.owner == f"organisation:{found.application.organisation_id}"
    assert duty.words.text == "Which office?"
    after = found.due_at + dt.timedelta(seconds=1)
    assert list(clarifications.find(Ask(now=after))) == []
    answer(found, person)
    assert list(clarifications.find(Ask())) == []
    assert [one.about for one in clarifications.find(Ask(done=True))] == [key_of(found)]


# pages ------------------------------------------------------------------------------
def text(response):
    return " ".join(response.content.decode().split())


def test_city_answers_in_place_after_the_close(asked, sign_in):
    found, person = asked
    client = sign_in(person)
    key = found.application.key
    assert "A question about “Administrative contact”" in text(
        client.get(reverse("applications:detail", args=[key]))
    )
    url = reverse("applications:clarification", args=[key, found.pk])
    words = text(client.get(url))
    assert "Which office?" in words
    assert "Only this answer is open" in words
    response = client.post(url, {"kind": "correct", "answer": ""})
    assert response.status_code == 422
    assert "Write the answer, then send it." in text(response)
    assert client.post(url, {"kind": "explain", "answer": "Of <b>a</b> deputy."}).url == url
    assert "Of &lt;b&gt;a&lt;/b&gt; deputy." in text(client.get(url))
    assert "Explained when asked:" in text(client.get(reverse("applications:detail", args=[key])))


def test_city_asks_back(asked, sign_in):
    found, person = asked
    url = reverse("applications:ask_back", args=[found.application.key, found.pk])
    client = sign_in(person)
    assert client.post(url, {"text": ""}).status_code == 422
    assert "Which year?" in text(client.post(url, {"text": "Which year?"}, follow=True))


def test_staff_ask_and_read_the_answer(sign_in, settings):
    settings.DEMO = True  # Staff need no second factor.
    application = SubmittedApplicationFactory()
    person, staff = lead_of(application), CoordinatorFactory()
    client = sign_in(staff)
    detail = reverse("applications:staff_detail", args=[application.reference])
    url = reverse("applications:staff_ask", args=[application.reference])
    assert url in text(client.get(detail))
    assert client.post(url, {"row": "contact"}).status_code == 422
    day = f"{today() + SOON:%d %B %Y}"
    response = client.post(url, {"row": "contact", "question": "Which office?", "due_on": day})
    found = Clarification.objects.get()
    page = reverse("applications:staff_clarification", args=[application.reference, found.pk])
    assert response.url == page
    assert "Waits for the applicant" in text(client.get(detail))
    answer(found, person, kind="correct", text="Ana Kovač")
    words = text(client.get(f"{detail}?tab=answers"))
    assert "Corrected when asked:" in words
    assert "Ana Kovač</span>" in words
    assert "both texts are kept" in text(client.get(page))


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("staff_message", {"text": ""}, {"text": "Any year."}),
        ("staff_later", {"due_on": "soon"}, {"due_on": "days"}),
        ("staff_take_back", {"reason": ""}, {"reason": "Found."}),
    ],
)
def test_staff_write_set_a_later_date_and_take_back(sign_in, settings, name, wrong, right):
    settings.DEMO = True
    found = ClarificationFactory()
    client = sign_in(CoordinatorFactory())
    args = [found.application.reference, found.pk]
    url = reverse(f"applications:{name}", args=args)
    assert client.post(url, wrong).status_code == 422
    if "due_on" in right:
        right = {"due_on": f"{today() + dt.timedelta(days=30):%d %B %Y}"}
    page = reverse("applications:staff_clarification", args=args)
    assert client.post(url, right).url == page


def test_assessor_reads_but_does_not_ask(sign_in, settings):
    settings.DEMO = True
    found = ClarificationFactory()
    row = AssignmentFactory(application=found.application, assessor=AssessorFactory())
    client = sign_in(row.assessor)
    words = text(
        client.get(
            reverse(
                "applications:staff_clarification", args=[found.application.reference, found.pk]
            )
        )
    )
    assert "Which office does she hold?" in words
    assert "Take the question back" not in words


def test_file_stands_beside_the_answer_and_staff_open_it(asked, staff, sign_in, settings):
    settings.DEMO = True
    found, person = asked
    url = reverse("applications:clarification", args=[found.application.key, found.pk])
    client = sign_in(person)
    # The file is kept when another field is wrong.
    wrong = client.post(url, {"kind": "explain", "answer": "", "file": a_file()})
    assert wrong.status_code == 422
    held = wrong.context["form"]["held"].value()
    assert "figures.pdf" in wrong.content.decode()
    client.post(url, {"kind": "explain", "answer": "See the table.", "held": held})
    found.refresh_from_db()
    assert found.file.name == "figures.pdf"
    assert found.file in files_of(found.application)

    at = reverse("applications:clarification_file", args=[found.application.key, found.pk])
    client = sign_in(staff)
    page = reverse("applications:staff_clarification", args=[found.application.reference, found.pk])
    assert at in client.get(page).content.decode()
    assert b"".join(client.get(at).streaming_content) == PDF
    stranger = MembershipFactory().user
    assert sign_in(stranger).get(at).status_code == 404


def test_file_is_in_the_fingerprint_of_the_answer(asked):
    found, person = asked
    with_file = services.answer_clarification(
        clarification=found, kind="explain", answer="See the table.", by=person, upload=a_file()
    )
    assert with_file.sha256 != fingerprint(
        {
            "submission": found.submission.sha256,
            "row": found.row,
            "question": found.question,
            "kind": "explain",
            "answer": "See the table.",
        }
    )


def test_file_that_comes_after_the_answer_is_refused_not_dropped(asked):
    found, person = asked
    send = partial(
        services.answer_clarification,
        clarification=found,
        kind="explain",
        answer="See the table.",
        by=person,
    )
    send(upload=a_file())
    assert send(upload=a_file()).file is not None
    with pytest.raises(WrongStateError):
        send(upload=SimpleUploadedFile("figures.pdf", pdf(lambda one: one.add_blank_page())))


def test_file_of_another_kind_is_refused_and_nothing_is_answered(asked):
    found, person = asked
    with pytest.raises(InvalidError) as refusal:
        services.answer_clarification(
            clarification=found,
            kind="explain",
            answer="See the table.",
            by=person,
            upload=SimpleUploadedFile("figures.exe", b"MZ" + bytes(200)),
        )
    assert refusal.value.field == "file"
    found.refresh_from_db()
    assert found.is_waiting
