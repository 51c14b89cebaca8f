"""Sending: a worker leases mails, sends and marks each by itself.

What holds: a mail is sent at least once. A worker that is killed between sending and marking
leaves one mail that is sent again, with the same Message-ID, so that mail systems can drop the
copy. A mail is marked in a commit of its own, so nothing else is ever sent twice.
"""

import logging
import smtplib
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import F, Q

from core.kit import days
from core.kit.sockets import plugged
from core.kit.text import clean_line
from core.post.models import Mail
from core.post.states import MailStatus
from core.trail.services import record_event

logger = logging.getLogger(__name__)

# A worker that died gives its mails back after this time.
LEASE = timedelta(minutes=5)
# A mail is not begun when less than this is left of its lease: sending may take as long.
LEASE_MARGIN = timedelta(minutes=1)
BATCH = 20
# Below Celery's time limit, so that a task ends by itself.
RUN_SECONDS = 200
# How long to wait after the first, second, ... temporary refusal; after the last we give up.
PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))
PERMANENT_FROM = 500
SERVICE_CLOSING = 421


@dataclass
class SendReport:
    """What became of the mails of one run."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0
    # Taken back: what they tell is no longer so.
    withdrawn: int = 0
    # Why the run ended early, e.g. a mail server that cannot be reached.
    stopped: str = ""


def send_waiting_mails(*, run_seconds: float = RUN_SECONDS) -> SendReport:
    """Send what is due, one commit per mail, over one connection; end when nothing is left.

    A mail server that cannot be reached ends the run and costs no mail an attempt; a refused
    address concerns its own mail alone.
    """
    report = SendReport()
    end = time.monotonic() + run_seconds
    backend: BaseEmailBackend = get_connection(settings.OUTBOX_DELIVERY_BACKEND)
    try:
        while time.monotonic() < end and not report.stopped:
            leased = _lease_mails(now=days.now())
            if not leased:
                break
            _send_leased(_still_true(leased, report), backend, report)
    finally:
        _close(backend)
    return report


def _lease_mails(*, now: datetime) -> list[Mail]:
    """Take the next mails for this worker alone; expired leases of others are retaken."""
    waiting = Q(status=MailStatus.QUEUED, due_at__lte=now) | Q(
        status=MailStatus.SENDING, leased_until__lt=now
    )
    with transaction.atomic():
        rows = Mail.objects.filter(waiting).order_by("due_at", "id")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        ids = list(rows.values_list("pk", flat=True)[:BATCH])
        # The condition again: a database without row locks serialises the writes, not the reads.
        Mail.objects.filter(waiting, pk__in=ids).update(
            status=MailStatus.SENDING, leased_until=now + LEASE, attempts=F("attempts") + 1
        )
    return list(Mail.objects.filter(pk__in=ids, leased_until=now + LEASE).order_by("due_at", "id"))


def _still_true(mails: list[Mail], report: SendReport) -> list[Mail]:
    """Take back the leased mails whose reason is gone, as the apps say; return the others.

    The socket is `mails.py` with a function `outdated`: it takes mails and returns by their id
    why some of them must not leave. One that fails keeps no mail from its reader.
    """
    gone: dict[int, str] = {}
    for module in plugged("mails"):
        if not hasattr(module, "outdated"):
            continue
        try:
            with transaction.atomic():
                gone |= module.outdated(mails)
        except Exception:
            logger.exception("%s could not say which mails are outdated.", module.__name__)
    for mail in mails:
        if mail.pk in gone:
            _mark(mail, status=MailStatus.WITHDRAWN, last_error=gone[mail.pk], **_kept(mail))
            report.withdrawn += 1
    return [mail for mail in mails if mail.pk not in gone]


def _send_leased(mails: list[Mail], backend: BaseEmailBackend, report: SendReport) -> None:
    for position, mail in enumerate(mails):
        if mail.leased_until is None or days.now() > mail.leased_until - LEASE_MARGIN:
            _give_back(mails[position:], reason="")
            return
        try:
            backend.open()
        except (OSError, smtplib.SMTPException) as error:
            report.stopped = _words(error)
            logger.warning("The mail server cannot be used: %s", report.stopped)
            _give_back(mails[position:], reason=report.stopped)
            return
        _send_one(mail, backend, report)


def _send_one(mail: Mail, backend: BaseEmailBackend, report: SendReport) -> None:
    """Send one mail and mark it, whatever happens."""
    try:
        backend.send_messages([as_message(mail)])
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        code = _code(error)
        if code >= PERMANENT_FROM:
            _mark_failed(mail, _words(error), report)
        else:
            _postpone(mail, _words(error), report)
        if code == SERVICE_CLOSING:
            _close(backend)
    except (smtplib.SMTPNotSupportedError, ValueError) as error:
        # The mail itself cannot be written that way; trying again would change nothing.
        _mark_failed(mail, _words(error), report)
    except (smtplib.SMTPException, OSError) as error:
        # The connection broke during this mail: the others get a new one.
        _close(backend)
        _postpone(mail, _words(error), report)
    else:
        _mark_sent(mail, report)


def as_message(mail: Mail) -> EmailMultiAlternatives:
    """Return the mail as it is sent; always with the same Message-ID and date."""
    headers = {
        **mail.headers,
        "Message-ID": mail.message_id,
        "Date": format_datetime(mail.created_at),
        "Auto-Submitted": "auto-generated",
    }
    if mail.kind:
        headers["X-Portal-Kind"] = mail.kind
    if mail.language:
        headers["Content-Language"] = mail.language
    message = EmailMultiAlternatives(
        mail.subject, mail.text, from_email=mail.sender, to=[mail.recipient], headers=headers
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _mark(mail: Mail, *, verb: str = "", **values: Any) -> None:
    """Write the result in its own commit, provided the lease is still ours.

    With a verb it goes on record: which letter it was, about what, to whom.
    """
    ours = Mail.objects.filter(
        pk=mail.pk, status=MailStatus.SENDING, leased_until=mail.leased_until
    )
    with transaction.atomic():
        if ours.update(leased_until=None, **values) and verb:
            mail.status = values["status"]
            details = {"letter": mail.kind, "about": mail.about}
            record_event(verb=verb, target=mail, by=None, details=details)


def _mark_sent(mail: Mail, report: SendReport) -> None:
    _mark(
        mail,
        verb="mail.sent",
        status=MailStatus.SENT,
        sent_at=days.now(),
        last_error="",
        **_kept(mail),
    )
    report.sent += 1


def _kept(mail: Mail) -> dict[str, str]:
    """Return what stays of its text: a personal link is of no use to anybody but its reader."""
    return {"text": "", "html": ""} if mail.is_secret else {}


def _mark_failed(mail: Mail, reason: str, report: SendReport) -> None:
    logger.warning("Mail %s failed: %s", mail.pk, reason)
    _mark(mail, verb="mail.failed", status=MailStatus.FAILED, last_error=reason)
    report.failed += 1


def _postpone(mail: Mail, reason: str, report: SendReport) -> None:
    """Try again later, with growing pauses; in the end give up."""
    if mail.attempts > len(PAUSES):
        _mark_failed(mail, reason, report)
        return
    due_at = days.now() + PAUSES[mail.attempts - 1]
    _mark(mail, status=MailStatus.QUEUED, due_at=due_at, last_error=reason)
    report.postponed += 1


def _give_back(mails: list[Mail], *, reason: str) -> None:
    """Return mails that were leased but not tried; the next run takes them."""
    for mail in mails:
        _mark(mail, status=MailStatus.QUEUED, attempts=mail.attempts - 1, last_error=reason)


def _close(backend: BaseEmailBackend) -> None:
    try:
        backend.close()
    except (OSError, smtplib.SMTPException):
        logger.info("The mail server closed the connection first.")


def _code(error: smtplib.SMTPException) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(code for code, _words in error.recipients.values())
    return getattr(error, "smtp_code", 0)


def _words(error: Exception) -> str:
    """Return what the mail server said, as one line for staff."""
    said: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, said = error.smtp_code, error.smtp_error
    else:
        return clean_line(f"{type(error).__name__}: {error}")[:500]
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return clean_line(f"{code} {text}")[:500]
