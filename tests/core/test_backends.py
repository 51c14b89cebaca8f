"""Mails become rows with their change, and files that people can open."""

import time
from email import message_from_bytes, policy

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.db import transaction

from core.kit import wakeups
from core.post.models import Mail
from core.post.services import send_waiting_mails
from core.post.states import MailStatus
from iuc_portal.celery import app
from tests.factories.reminders import MailFactory
from tests.infra.processes import free_port
from tests.infra.waiting import wait_until

pytestmark = pytest.mark.django_db


@pytest.fixture
def wake_ups(monkeypatch):
    """Count the calls instead of asking a broker."""
    calls = []
    monkeypatch.setattr(app, "send_task", lambda name, **_: calls.append(name))
    monkeypatch.setattr(wakeups, "_wake_ups", wakeups.WakeUps())
    return calls


def write(to=("ana@city.example",), **fields):
    message = EmailMultiAlternatives(
        "Your draft", "Ana & Luka", to=list(to), headers=fields.pop("headers", {}), **fields
    )
    message.attach_alternative("<p>Ana &amp; Luka</p>", "text/html")
    message.send()


def test_mail_becomes_one_row_for_each_recipient(outbox, wake_ups, settings):
    settings.BASE_URL = "https://portal.example/sub"

    write(to=["ana@city.example", "luka@city.example"], cc=["priya@city.example"])

    rows = list(Mail.objects.order_by("recipient"))
    assert [row.recipient for row in rows] == [
        "ana@city.example",
        "luka@city.example",
        "priya@city.example",
    ]
    assert {row.status for row in rows} == {MailStatus.QUEUED}
    assert rows[0].text == "Ana & Luka"
    assert rows[0].html == "<p>Ana &amp; Luka</p>"
    assert len({row.message_id for row in rows}) == 3
    assert all(row.message_id.endswith("@portal.example>") for row in rows)


def test_mail_keeps_kind_language_and_reply_address(outbox, wake_ups):
    write(
        headers={"X-Portal-Kind": "pairing_proposed", "Content-Language": "es", "X-Other": "1"},
        reply_to=["unit@city.example"],
        from_email="Unit <unit@portal.example>",
    )

    row = Mail.objects.get()
    assert (row.kind, row.language) == ("pairing_proposed", "es")
    assert row.headers == {"X-Other": "1", "Reply-To": "unit@city.example"}
    assert row.sender == "Unit <unit@portal.example>"


def test_mail_vanishes_with_a_change_that_fails(
    outbox, wake_ups, django_capture_on_commit_callbacks
):
    def change():
        with transaction.atomic():
            write()
            raise KeyError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(KeyError):
        change()

    assert not Mail.objects.exists()
    assert wake_ups == []


def test_worker_is_woken_only_when_the_change_holds(
    outbox, wake_ups, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        write()
        assert wake_ups == []

    assert wake_ups == ["core.post.tasks.send_outbox"]


def test_mail_without_alternative_and_html_mail(outbox, wake_ups):
    send_mail("Plain", "Only text", None, ["ana@city.example"])
    message = EmailMessage("Html", "<p>Only <b>html</b></p>", to=["ana@city.example"])
    message.content_subtype = "html"
    message.send()

    html, plain = Mail.objects.order_by("subject")
    assert (plain.text, plain.html) == ("Only text", "")
    assert (html.text, html.html) == ("Only html", "<p>Only <b>html</b></p>")


def test_attachment_is_refused(outbox, wake_ups):
    message = EmailMessage("With file", "Text", to=["ana@city.example"])
    message.attach("a.txt", "a", "text/plain")

    with pytest.raises(ValueError, match="no attachments"):
        message.send()


def test_hostile_text_is_cleaned_and_cut(outbox, wake_ups):
    EmailMessage(
        "S\u202eub" + "x" * 600, "a\x00b\r\nBcc: all@city.example", to=["ana@city.example"]
    ).send()

    row = Mail.objects.get()
    assert row.subject.startswith("Subxxx")
    assert len(row.subject) == 500
    assert row.text == "ab\nBcc: all@city.example"


@pytest.mark.parametrize("broker", ["refused", "silent"])
def test_broker_that_does_not_work_holds_nobody_up(
    broker, outbox, monkeypatch, silent_server, django_capture_on_commit_callbacks, caplog
):
    port = silent_server if broker == "silent" else free_port()
    wake_ups = wakeups.WakeUps()
    monkeypatch.setattr(wakeups, "_wake_ups", wake_ups)
    broken = app.connection_for_write(
        f"redis://127.0.0.1:{port}/0",
        transport_options={
            "socket_timeout": 1,
            "socket_connect_timeout": 1,
        },
    )
    send_task = app.send_task
    monkeypatch.setattr(app, "send_task", lambda *a, **k: send_task(*a, connection=broken, **k))

    started = time.monotonic()
    for _ in range(5):
        with django_capture_on_commit_callbacks(execute=True):
            write()
    seconds = time.monotonic() - started

    assert seconds < 1
    assert Mail.objects.count() == 5
    wait_until(lambda: wake_ups._paused_until)
    wake_ups._paused_until = 0.0
    wake_ups.call("core.jobs.tasks.heartbeat")
    wait_until(lambda: wake_ups._paused_until)
    assert caplog.text.count("The broker does not answer") == 1


def test_nobody_is_asked_before_the_broker_is_up(monkeypatch):
    sent = []
    monkeypatch.setattr(app, "send_task", lambda name, **_: sent.append(name))
    wake_ups = wakeups.WakeUps()
    monkeypatch.setattr(wakeups, "_wake_ups", wake_ups)

    with wakeups.nobody_listens():
        wake_ups.call("early")
    wake_ups.call("later")

    wait_until(lambda: sent)
    assert sent == ["later"]


def test_folder_gets_a_file_that_a_mail_programme_opens(settings):
    mail = MailFactory(recipient="ana@grad.example", subject="Your draft: 3 days left – Łódź")

    send_waiting_mails()

    (path,) = settings.MAIL_DIR.iterdir()
    assert "ana-at-grad-example-your-draft-3-days-left-lodz" in path.name
    assert path.suffix == ".eml"
    read = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert read["Message-ID"] == mail.message_id
    assert read["Subject"] == "Your draft: 3 days left – Łódź"
    assert read["To"] == "ana@grad.example"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read.get_body(["plain"]).get_content().strip() == mail.text
    assert read.get_body(["html"]).get_content().strip() == mail.html


def test_second_copy_of_a_mail_takes_the_place_of_the_first(settings):
    mail = MailFactory()
    send_waiting_mails()
    Mail.objects.filter(pk=mail.pk).update(status=MailStatus.QUEUED)

    send_waiting_mails()

    assert len(list(settings.MAIL_DIR.iterdir())) == 1


def test_folder_that_cannot_be_written_keeps_the_mail_waiting(settings, tmp_path):
    settings.MAIL_DIR = tmp_path / "file"
    settings.MAIL_DIR.write_text("not a folder")
    mail = MailFactory()

    send_waiting_mails()

    mail.refresh_from_db()
    assert mail.status == MailStatus.QUEUED
    assert "FileExistsError" in mail.last_error
