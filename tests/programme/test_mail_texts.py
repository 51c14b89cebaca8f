"""The words of a call's mails: written, refused, sent, tried, taken back."""

import pytest
from django.core import mail
from django.urls import reverse

from applications.services.letters import usual_words, write_to_city
from core.duties.catalogue import key_of
from core.kit.errors import InvalidError, NotAllowedError, StaleError
from core.kit.keys import FIELD, new_key
from core.post.mail import build_mail
from core.post.models import MailText
from core.post.texts import text_kinds
from core.trail.selectors import events_of
from programme.calls.services import (
    copy_call,
    send_test_mail,
    take_standard_text,
    write_mail_text,
)
from programme.calls.services.mail_texts import which_mail
from tests.factories.accounts import CoordinatorFactory, ObserverFactory
from tests.factories.applications import (
    ConflictFactory,
    SubmittedApplicationFactory,
)
from tests.factories.post import MailTextFactory
from tests.factories.programme import CallFactory, MembershipFactory, TwoStageCallFactory
from tests.infra.threads import run_in_threads

pytestmark = pytest.mark.django_db

RECEIVED = "application_received"


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO = True  # spares staff the second factor


@pytest.fixture
def by():
    return CoordinatorFactory(email="ilse@unit.example")


@pytest.fixture
def call():
    return CallFactory(title="City pairings")


def write(call, by, *, kind=RECEIVED, language="en-gb", read_version=0, **more):
    words = {"subject": "{reference}: thank you", "text": "Dear {city},\n\n{changes}"} | more
    return write_mail_text(
        call=call, kind=kind, language=language, read_version=read_version, by=by, **words
    )


def received(call, **values):
    """Tell an applicant that its application is here; return the mails by address."""
    application = SubmittedApplicationFactory(call=call, **values)
    submission = application.submissions.get()
    write_to_city(application, RECEIVED, {"submission": submission})
    return {message.to[0]: message for message in mail.outbox}


# The kinds --------------------------------------------------------------------------------


def test_standard_words_of_every_mail_may_be_kept_as_they_are(by):
    """So every placeholder that a mail needs stands in its standard words, and all are known."""
    call = TwoStageCallFactory()
    for key, kind in text_kinds().items():
        mail_of = {"template": kind.template, "to": "a@b.example", "context": kind.example(call)}
        fixed = build_mail(**mail_of)
        standard = which_mail(call, key, "en-gb").standard()
        assert standard.text, key
        write(call, by, kind=key, subject=standard.subject, text=standard.text)
        own = build_mail(**mail_of)
        assert own.subject == fixed.subject, key
        assert own.body.split() == fixed.body.split(), key
        assert "{" not in own.body, key
    assert MailText.objects.count() == len(text_kinds())


def test_call_in_one_stage_has_no_mails_of_a_first_one(call):
    with pytest.raises(InvalidError):
        which_mail(call, "interest_received", "en-gb")
    with pytest.raises(InvalidError):
        which_mail(call, RECEIVED, "xx")


# Sending ----------------------------------------------------------------------------------


def test_own_words_leave_in_their_language_and_the_standard_ones_in_the_others(call, by):
    write(call, by, language="es", subject="Gracias, {city}", text="Hola {city}.\n\n{changes}")
    assert next(iter(received(call).values())).subject.startswith("We have received")
    mail.outbox.clear()
    reader = SubmittedApplicationFactory(call=call, organisation__name="Łódź <b>")
    reader.contact_email = MembershipFactory(
        organisation=reader.organisation, user__language="es"
    ).user.email
    write_to_city(reader, RECEIVED, {"submission": reader.submissions.get()})
    message = next(one for one in mail.outbox if one.to == [reader.contact_email])
    html = message.alternatives[0][0]
    assert message.subject == "Gracias, Łódź <b>"
    assert "Hola Łódź <b>." in message.body
    assert "<p>Hola Łódź &lt;b&gt;.</p>" in html
    # The frame stays: facts, link, why somebody gets it.
    assert reverse("applications:detail", args=[reader.key]) in message.body
    assert reader.reference in message.body
    assert "You get this mail because" in html
    assert "staff check who can apply" not in message.body


def test_html_of_staff_and_line_breaks_in_values_do_no_harm(call, by):
    write(call, by, subject="A\nBcc: x@y.example {city}", text="<script>{city}</script>{changes}")
    sent = received(call, organisation__name="{reference}\nBcc: z@y.example")
    message = next(iter(sent.values()))
    assert "\n" not in message.subject
    assert message.subject.endswith("{reference} Bcc: z@y.example")
    assert list(message.message().get_all("Bcc", [])) == []
    html = message.alternatives[0][0]
    assert "<script>" not in html
    assert "&lt;script&gt;{reference}" in html


def test_words_of_one_call_are_no_other_ones(call, by):
    write(call, by)
    assert next(iter(received(CallFactory()).values())).subject.startswith("We have received")


def test_sentence_that_is_empty_leaves_no_hole(call, by):
    write(call, by, text="One.\n\n{version}\n\n{changes}\n\nTwo.")
    body = next(iter(received(call).values())).body
    assert "One.\n\nUntil" in body
    assert "\n\n\n" not in body


def test_letter_on_an_outcome_begins_with_the_words_of_the_call(call, by):
    write(
        call,
        by,
        kind="application_decided.rejected",
        subject="Not this time",
        text="{city}, we are sorry:\n{reason}",
    )
    application = SubmittedApplicationFactory(call=call, organisation__name="Parma")
    for outcome, begins in (("rejected", "Parma, we are sorry:\nLate."), ("accepted", "The reas")):
        values = {"outcome": outcome, "reason": "Late."}
        words = usual_words(application, "application_decided", values, "en-gb")
        assert words.text.startswith(begins)


def test_mails_on_a_moved_deadline_have_the_words_of_the_call(call, by):
    write(call, by, kind="deadline_moved", subject="New date", text="{before}{after}{reason}{next}")
    kind = text_kinds()["deadline_moved"]
    message = build_mail(template="deadline_moved", to="a@b.example", context=kind.example(call))
    assert message.subject == "New date"


# Writing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"text": "Dear {reason}, {changes}"}, "text", "Nothing fills {reason}"),
        ({"text": "Dear {city}"}, "text", "{changes} is missing"),
        ({"subject": "{changes}"}, "subject", "one short line"),
        ({"subject": " "}, "subject", "standard text"),
        ({"text": "{changes}" + "x" * 6000}, "text", "at most 6000"),
    ],
)
def test_words_that_do_not_fit_are_refused_at_their_field(values, field, words, call, by):
    with pytest.raises(InvalidError, match=None) as refused:
        write(call, by, **values)
    assert refused.value.field == field
    assert words in str(refused.value)
    assert not MailText.objects.exists()


def test_all_that_does_not_fit_is_told_at_once(call, by, sign_in, settings):
    settings.DEMO = True
    typed = {"subject": "{changes} {nobody}", "text": "{someone} {", "version": "0"}
    page = sign_in(by).post(address(call), typed)
    errors = page.context["form"].errors
    assert [len(errors[name]) for name in ("subject", "text")] == [2, 3]
    assert page.status_code == 422


def test_every_writing_is_kept_and_on_record(call, by):
    write(call, by)
    write(call, by, read_version=1)
    write(call, by, read_version=1, subject="Thanks")
    assert take_standard_text(
        call=call, kind=RECEIVED, language="en-gb", read_version=2, by=by
    ).is_standard
    rows = MailText.objects.order_by("number").values_list("number", "subject", "by")
    assert list(rows) == [
        (1, "{reference}: thank you", by.pk),
        (2, "Thanks", by.pk),
        (3, "", by.pk),
    ]
    verbs = [event.verb for event in events_of(call)]
    assert sorted(verbs) == ["call.mail_standard", "call.mail_written", "call.mail_written"]
    assert next(iter(received(call).values())).subject.startswith("We have received")


def test_second_to_save_is_told(call, by):
    write(call, by)
    with pytest.raises(StaleError):
        write(call, by, subject="Mine")
    with pytest.raises(StaleError):
        take_standard_text(call=call, kind=RECEIVED, language="en-gb", read_version=0, by=by)


def test_only_coordinators_write(call):
    with pytest.raises(NotAllowedError):
        write(call, ObserverFactory())


def test_copy_of_a_call_has_its_words(call, by):
    write(call, by)
    write(call, by, language="es")
    take_standard_text(call=call, kind=RECEIVED, language="es", read_version=1, by=by)
    copy = copy_call(call=call, title="Again", code="C2C-2030", by=by)
    [row] = MailText.objects.filter(scope=key_of(copy))
    assert (row.language, row.number, row.subject) == ("en-gb", 1, "{reference}: thank you")


# Trying -----------------------------------------------------------------------------------


def tried(call, by, **more):
    words = {"subject": "For {city}", "text": "{changes}"} | more
    send_test_mail(call=call, kind=RECEIVED, language="en-gb", by=by, **words)
    [message] = mail.outbox
    return message


def test_test_goes_to_oneself_alone_and_says_so(call, by):
    application = SubmittedApplicationFactory(call=call, organisation__name="Parma")
    message = tried(call, by, reference=application.reference)
    assert message.to == [by.email]
    assert message.subject == "Test: For Parma"
    assert "This is a test." in message.body
    assert message.extra_headers["X-Portal-Kind"] == "test_mail"
    assert not MailText.objects.exists()


def test_case_out_of_reach_is_no_case(call, by):
    application = SubmittedApplicationFactory(call=call)
    ConflictFactory(application=application, person=by)
    with pytest.raises(InvalidError, match="No application of this call"):
        tried(call, by, reference=application.reference)
    with pytest.raises(InvalidError, match="No application of this call"):
        tried(call, by, reference=SubmittedApplicationFactory().reference)


# Pages ------------------------------------------------------------------------------------


def address(call, name="staff_mail_text", kind=RECEIVED, language="en-gb"):
    return reverse(f"calls:{name}", args=[call.slug, kind, language])


def text(page):
    return page.content.decode()


def test_list_says_which_have_own_words(call, by, sign_in, django_assert_max_num_queries):
    MailTextFactory(scope=key_of(call))
    client = sign_in(by)
    with django_assert_max_num_queries(9):
        page = client.get(reverse("calls:staff_mail_texts", args=[call.slug]))
    assert text(page).count("own words") == 1
    assert address(call, kind="application_decided.rejected", language="ja") in text(page)
    assert "Expression of interest received" not in text(page)


def test_page_opens_with_the_standard_words_and_keeps_own_ones(call, by, sign_in):
    client = sign_in(by)
    page = client.get(address(call))
    assert "{changes}" in page.context["form"]["text"].value()
    values = {"subject": "Thanks", "text": "{changes}", "version": "0"}
    sent = client.post(address(call), values)
    assert sent.status_code == 302
    page = client.get(address(call))
    assert page.context["form"]["subject"].value() == "Thanks"
    again = client.post(address(call), values | {"subject": "Mine"})
    assert again.status_code == 409
    assert 'value="Mine"' in text(again)
    assert "Thanks" in text(again)
    refused = client.post(address(call), values | {"text": "{oops}", "version": "1"})
    assert refused.status_code == 422
    assert "Nothing fills {oops}" in text(refused)
    client.post(address(call, "staff_mail_standard"), {"version": "1"})
    page = client.get(address(call), {"take": "1"})
    assert page.context["form"]["subject"].value() == "Thanks"
    assert not page.context["is_own"]


def test_test_from_the_page_keeps_what_is_typed(call, by, sign_in, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"mail_test": "1/h/user"}
    client = sign_in(by)
    values = {"subject": "Thanks", "text": "{changes}", "version": "0", "test": "1"}
    page = client.post(address(call), values | {FIELD: new_key(by.pk)})
    assert page.status_code == 200
    assert page.context["form"]["subject"].value() == "Thanks"
    assert len(mail.outbox) == 1
    again = client.post(address(call), values | {FIELD: new_key(by.pk)})
    assert again.status_code == 422
    assert "many tests" in text(again)
    assert len(mail.outbox) == 1


def test_preview_shows_what_is_stored_and_what_is_typed(call, by, sign_in):
    application = SubmittedApplicationFactory(call=call, organisation__name="Parma")
    MailTextFactory(scope=key_of(call))
    client = sign_in(by)
    page = client.get(address(call, "staff_mail_preview"), {"of": application.reference})
    assert "<p>Dear Parma,</p>" in text(page)
    assert "sandbox" in page.headers["Content-Security-Policy"]
    values = {"subject": "For {city}", "text": "Hello {city}. {changes}"}
    typed = values | {"reference": application.reference}
    page = client.post(address(call, "staff_mail_preview"), typed)
    assert "Subject: For Parma" in text(page)
    assert "Hello Parma." in text(page)
    page = client.post(address(call, "staff_mail_preview_text"), values)
    assert page.headers["Content-Type"].startswith("text/plain")
    assert "Hello Example City." in text(page)
    page = client.post(address(call, "staff_mail_preview"), values | {"text": "{oops}"})
    assert page.status_code == 422
    assert "Nothing fills {oops}" in text(page)


def test_unknown_mail_is_no_page(call, by, sign_in):
    client = sign_in(by)
    assert client.get(address(call, kind="invitation")).status_code == 404
    assert client.get(address(call, kind="interest_received")).status_code == 404


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told():
    call, people = CallFactory(), CoordinatorFactory.create_batch(2)
    results = run_in_threads(2, lambda n: write(call, people[n], subject=people[n].email))
    assert sorted(type(one).__name__ for one in results) == ["MailText", "StaleError"]
    assert MailText.objects.count() == 1
