"""Sending: each mail by itself, retried, given up or given back."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core.mail import send_mail
from django.db import connection
from django.utils import timezone

from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.post import services
from core.post.models import Mail
from core.post.selectors import oldest_waiting_mail
from core.post.services import send_waiting_mails
from core.post.services import sending as outbox
from core.post.states import MailStatus
from core.trail.models import AuditEvent
from tests.factories.accounts import CoordinatorFactory, ObserverFactory
from tests.factories.reminders import MailFactory
from tests.infra.processes import free_port
from tests.infra.threads import run_in_threads
from tests.infra.waiting import wait_until
from tests.infra.worker import address_of_test_database

pytestmark = pytest.mark.django_db


def test_mails_go_out_over_one_connection(sink):
    mails = MailFactory.create_batch(25)

    report = send_waiting_mails()

    assert report.sent == 25
    assert sink.connections == 1
    assert sorted(sink.ids) == sorted(mail.message_id for mail in mails)
    assert set(Mail.objects.values_list("status", "attempts", "leased_until")) == {
        (MailStatus.SENT, 1, None)
    }
    assert send_waiting_mails().sent == 0


def test_mail_that_is_not_due_or_held_stays(sink):
    MailFactory(due_at=timezone.now() + timedelta(minutes=1))
    MailFactory(status=MailStatus.HELD)
    MailFactory(status=MailStatus.FAILED)

    assert send_waiting_mails().sent == 0
    assert sink.received == []


def test_bad_address_fails_with_its_reason_and_blocks_nobody(sink):
    bad, good = MailFactory(recipient="gone@city.example"), MailFactory()
    sink.answers["gone@city.example"] = "550 5.1.1 No such person"

    report = send_waiting_mails()

    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.status, bad.last_error) == (MailStatus.FAILED, "550 5.1.1 No such person")
    assert good.status == MailStatus.SENT
    assert (report.sent, report.failed) == (1, 1)


def test_address_that_no_mail_can_be_written_to_fails(sink):
    bad, good = MailFactory(recipient="no address\n"), MailFactory()

    send_waiting_mails()

    bad.refresh_from_db()
    good.refresh_from_db()
    assert bad.status == MailStatus.FAILED
    assert good.status == MailStatus.SENT


def test_temporary_refusal_is_tried_again_with_growing_pauses(sink, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    mail = MailFactory(recipient="full@city.example")
    sink.answers["full@city.example"] = "452 4.2.2 Mailbox full"
    waits = []

    for _ in range(8):
        send_waiting_mails()
        mail.refresh_from_db()
        waits.append((mail.status, mail.due_at - timezone.now()))
        time_machine.move_to(mail.due_at, tick=False)

    assert waits[:7] == [(MailStatus.QUEUED, pause) for pause in outbox.PAUSES]
    assert waits[7][0] == MailStatus.FAILED
    assert mail.last_error == "452 4.2.2 Mailbox full"
    assert len(sink.recipients) == 8


def test_mail_that_breaks_the_connection_costs_the_others_nothing(sink):
    bad = MailFactory(recipient="odd@city.example")
    MailFactory.create_batch(3)
    sink.answers["odd@city.example"] = "drop"

    report = send_waiting_mails()

    bad.refresh_from_db()
    assert (report.sent, report.postponed) == (3, 1)
    assert bad.status == MailStatus.QUEUED
    assert sink.connections == 2


@pytest.mark.parametrize("server", ["refused", "silent"])
def test_mail_server_that_is_away_costs_no_attempt(server, settings, silent_server):
    settings.OUTBOX_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = silent_server if server == "silent" else free_port()
    settings.EMAIL_TIMEOUT = 0.3
    MailFactory.create_batch(3)

    report = send_waiting_mails()

    assert report.stopped
    assert set(Mail.objects.values_list("status", "attempts", "leased_until")) == {
        (MailStatus.QUEUED, 0, None)
    }
    assert all(Mail.objects.values_list("last_error", flat=True))


def test_expired_lease_is_retaken_and_a_fresh_one_is_not(sink):
    now = timezone.now()
    expired = MailFactory(status=MailStatus.SENDING, leased_until=now - timedelta(seconds=1))
    MailFactory(status=MailStatus.SENDING, leased_until=now + timedelta(minutes=1))

    send_waiting_mails()

    assert sink.ids == [expired.message_id]


def test_lease_that_runs_out_ends_the_batch(sink, monkeypatch):
    MailFactory.create_batch(2)
    monkeypatch.setattr(outbox, "LEASE", timedelta(seconds=30))

    report = send_waiting_mails(run_seconds=0.05)

    assert report.sent == 0
    assert set(Mail.objects.values_list("status", "attempts")) == {(MailStatus.QUEUED, 0)}


def test_body_of_a_personal_link_is_gone_once_sent(sink):
    reset = MailFactory(kind="", text="https://portal.example/reset/abc", html="")
    invitation = MailFactory(kind="invitation", text="https://portal.example/i/abc")
    reminder = MailFactory()

    send_waiting_mails()

    assert "reset/abc" in sink.received[0].get_payload()
    for mail in (reset, invitation, reminder):
        mail.refresh_from_db()
    assert (reset.text, invitation.text, invitation.html) == ("", "", "")
    assert reminder.text


def test_oldest_waiting_mail_counts_from_when_it_was_due():
    now = timezone.now()
    late = MailFactory(due_at=now - timedelta(minutes=20))
    MailFactory(due_at=now - timedelta(minutes=2))
    MailFactory(due_at=now - timedelta(hours=2), status=MailStatus.SENT)

    assert oldest_waiting_mail() == late.due_at

    late.delete()
    Mail.objects.all().update(due_at=now + timedelta(hours=1))
    assert oldest_waiting_mail() is None


def test_staff_hold_release_and_retry(sink):
    boss = CoordinatorFactory()
    mail = MailFactory()

    services.hold_mail(mail=mail, by=boss)
    send_waiting_mails()
    assert sink.received == []

    services.release_mail(mail=mail, by=boss)
    send_waiting_mails()
    assert sink.ids == [mail.message_id]
    assert list(AuditEvent.objects.order_by("id").values_list("verb", flat=True)) == [
        "mail.held",
        "mail.released",
        "mail.sent",
    ]
    sent = AuditEvent.objects.get(verb="mail.sent")
    assert (sent.after, sent.actor) == ("sent", None)
    assert sent.facts == {"letter": mail.kind, "about": mail.about}
    assert mail.recipient in sent.target_label
    assert mail.recipient not in str(AuditEvent.objects.filter(pk=sent.pk).values().get())


def test_failed_mail_is_retried_with_a_new_count(sink):
    mail = MailFactory(status=MailStatus.FAILED, attempts=8, last_error="550 No")

    services.retry_mail(mail=mail, by=CoordinatorFactory())
    send_waiting_mails()

    mail.refresh_from_db()
    assert (mail.status, mail.attempts, mail.last_error) == (MailStatus.SENT, 1, "")


@pytest.mark.parametrize(
    ("service", "status"),
    [
        (services.hold_mail, MailStatus.SENT),
        (services.hold_mail, MailStatus.SENDING),
        (services.release_mail, MailStatus.QUEUED),
        (services.retry_mail, MailStatus.SENT),
    ],
)
def test_wrong_state_is_refused(service, status):
    mail = MailFactory(status=status)

    with pytest.raises(WrongStateError):
        service(mail=mail, by=CoordinatorFactory())


@pytest.mark.parametrize(
    "service", [services.hold_mail, services.release_mail, services.retry_mail]
)
def test_observer_changes_nothing(service):
    with pytest.raises(NotAllowedError):
        service(mail=MailFactory(), by=ObserverFactory())


# Correcting ---------------------------------------------------------------------------
def correct(mail, recipient="right@city.example", **more):
    values = {"reason": "A typing error.", "by": CoordinatorFactory(), **more}
    return services.correct_mail(mail=mail, recipient=recipient, **values)


def test_failed_mail_goes_to_the_corrected_address(sink):
    mail = MailFactory(recipient="wrong@city.example", status=MailStatus.FAILED, attempts=3)

    correct(mail)

    assert send_waiting_mails().sent == 1
    assert sink.recipients == ["right@city.example"]
    event = AuditEvent.objects.get(verb="mail.corrected")
    assert event.reason == "A typing error."
    assert event.details == {"before": "wrong@city.example", "after": "right@city.example"}


@pytest.mark.parametrize("kind", ["", "invitation"])
def test_mail_with_a_personal_link_goes_to_nobody_else(kind):
    with pytest.raises(WrongStateError, match="personal link"):
        correct(MailFactory(kind=kind, status=MailStatus.FAILED))


@pytest.mark.parametrize("changes", [{"reason": " "}, {"recipient": "wrong@city.example"}])
def test_correction_without_reason_or_change_is_refused(changes):
    mail = MailFactory(recipient="wrong@city.example", status=MailStatus.FAILED)
    with pytest.raises(InvalidError):
        correct(mail, **changes)


def test_mail_that_waits_is_not_corrected():
    with pytest.raises(WrongStateError):
        correct(MailFactory())


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_mail_once(sink):
    mails = MailFactory.create_batch(60)

    reports = run_in_threads(2, lambda _: send_waiting_mails())

    assert sum(report.sent for report in reports) == 60
    assert sorted(sink.ids) == sorted(mail.message_id for mail in mails)


WORKER = """
import django; django.setup()
from django.conf import settings
from core.post.services import send_waiting_mails
settings.OUTBOX_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", {port}
print("ready", flush=True); input()
send_waiting_mails()
"""


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_worker_killed_between_sending_and_marking_loses_nothing(sink, tmp_path):
    mails = MailFactory.create_batch(5)
    connection.close()
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER.format(port=django_settings.EMAIL_PORT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=django_settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "iuc_portal.settings.base",
            "DEMO": "0",
            "SECRET_KEY": "for-tests-only",
            "DATABASE_URL": address_of_test_database(),
            "VAR_DIR": str(tmp_path),
        },
    )
    # The server has the third mail, the worker never hears of it.
    sink.on_data = lambda n: os.kill(worker.pid, signal.SIGKILL) if n == 3 else None
    worker.stdout.readline()
    worker.communicate(b"\n", timeout=30)
    assert worker.returncode == -signal.SIGKILL
    wait_until(lambda: len(sink.received) == 3)
    assert send_waiting_mails().sent == 0

    Mail.objects.filter(status=MailStatus.SENDING).update(leased_until=timezone.now())
    send_waiting_mails()

    assert set(Mail.objects.values_list("status", flat=True)) == {MailStatus.SENT}
    assert set(sink.ids) == {mail.message_id for mail in mails}
    # At least once: the one mail between sending and marking came twice, with the same name.
    assert len(sink.ids) == 6
    assert sink.ids.count(sink.ids[2]) == 2


@pytest.mark.broker
@pytest.mark.django_db(transaction=True)
def test_mail_of_a_request_wakes_the_real_worker(real_worker, outbox):
    send_mail("Hello", "Text", None, ["ana@city.example"])

    wait_until(lambda: Mail.objects.filter(status=MailStatus.SENT).exists(), seconds=20)
