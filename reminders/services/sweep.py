"""The sweep: queue each reminder that is due by now and not yet recorded."""

import datetime as dt
import logging
import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction

from action_plans.services import open_plans_for
from core.post.mail import build_mail
from core.post.models import Mail
from core.post.services import put_in_outbox
from reminders.models import Delivery
from reminders.selectors import DueReminder, due_reminders, pairings_without_plan

logger = logging.getLogger(__name__)

# Reminders of one transaction: a sweep that is killed repeats no more than this.
BATCH = 50


def queue_reminders(*, now: dt.datetime) -> int:
    """Write a mail for each reminder that is due; return how many this sweep wrote.

    A unique row makes each reminder single: sweeps that run at once, or again, skip what
    another has written. The mail and its row are committed together.
    """
    due = due_reminders(now)
    return sum(
        _queue_batch(due[start : start + BATCH], now=now) for start in range(0, len(due), BATCH)
    )


def open_missing_plans() -> int:
    """Give every city of a running pairing its plan; return how many pairings lacked one."""
    opened = 0
    for pairing in pairings_without_plan():
        try:
            open_plans_for(pairing=pairing)
            opened += 1
        except Exception:
            # One pairing that resists must not keep the others from their plans and reminders.
            logger.exception("No plan could be opened in pairing %s.", pairing.reference)
    return opened


@transaction.atomic
def _queue_batch(due: Sequence[DueReminder], *, now: dt.datetime) -> int:
    sweep = uuid.uuid4()
    Delivery.objects.bulk_create(
        [
            Delivery(
                kind=reminder.kind,
                about=reminder.about,
                recipient=reminder.recipient,
                due_key=reminder.due_key,
                sweep=sweep,
            )
            for reminder in due
        ],
        ignore_conflicts=True,
    )
    by_key = {reminder.key: reminder for reminder in due}
    written = 0
    for delivery in Delivery.objects.filter(sweep=sweep).order_by("id"):
        key = (delivery.kind, delivery.about, delivery.recipient_id, delivery.due_key)
        mail = _write_mail(by_key[key], now=now)
        if mail is None:
            delivery.delete()
            continue
        delivery.mail = mail
        delivery.save(update_fields=["mail"])
        written += 1
    return written


def _write_mail(reminder: DueReminder, *, now: dt.datetime) -> Mail | None:
    """Put the mail into the outbox; one that cannot be written is left for the next sweep."""
    try:
        with transaction.atomic():
            message = build_mail(
                template=f"reminder_{reminder.kind}",
                to=reminder.recipient.email,
                language=reminder.recipient.language,
                context=_context(reminder, now=now),
            )
            (mail,) = put_in_outbox(messages=[message])
            return mail
    except Exception:
        logger.exception("The reminder %s could not be written.", reminder.key)
        return None


def _context(reminder: DueReminder, *, now: dt.datetime) -> dict[str, Any]:
    """Return what the mail's words need; see templatetags.reminder_mails."""
    return {
        **reminder.facts,
        "reader": reminder.recipient,
        "organisation": reminder.organisation,
        "deadline": reminder.deadline,
        "now": now,
        "overdue": reminder.deadline < now,
        "page": f"{settings.BASE_URL}{reminder.page}",
    }
