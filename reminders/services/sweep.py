"""The sweep: queue each reminder that is due by now and not yet recorded."""

import datetime as dt
import logging
import uuid
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from action_plans.selectors import pairings_without_plan
from action_plans.services import open_plans_for
from core.duties.catalogue import kinds
from core.duties.models import Touch
from core.duties.services import forget, touch_keys
from core.post.mail import build_mail
from core.post.models import Mail
from core.post.services import put_in_outbox
from reminders.models import Delivery, Look
from reminders.selectors import DueReminder, due_reminders

logger = logging.getLogger(__name__)

# Reminders of one transaction: a sweep that is killed repeats no more than this.
BATCH = 50
# So often it asks for everything: what no service has touched waits no longer than this.
FULL_LOOK = dt.timedelta(hours=1)


def sweep_reminders(*, now: dt.datetime) -> int:
    """Queue what has come up since the last look, and return how many mails that were.

    It asks for the duties whose day came since then and for those about what was touched;
    once an hour, at the first start and after a clock was set back, for all. The look is
    written down last: a sweep that dies is repeated, and the deliveries keep that harmless.
    """
    look = Look.objects.first()
    touches = list(Touch.objects.all())
    since = look.last_look if look and _is_fresh(look, now) else None
    due = due_reminders(now, since=since, about={each.about for each in touches})
    written = _queue(due, now=now)
    forget(touches)
    _write_down(now, is_full=since is None)
    return written


def queue_reminders(*, now: dt.datetime) -> int:
    """Queue every reminder that is due at this time; return how many this call wrote.

    A unique row makes each reminder single: sweeps that run at once, or again, skip what
    another has written. The mail and its row are committed together.
    """
    return _queue(due_reminders(now), now=now)


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


def _is_fresh(look: Look, now: dt.datetime) -> bool:
    """Whether it is enough to ask for what came up since."""
    return look.last_look <= now and look.last_full <= now < look.last_full + FULL_LOOK


@transaction.atomic
def _write_down(now: dt.datetime, *, is_full: bool) -> None:
    """Move the look on; of two sweeps at once, the later time counts."""
    Look.objects.get_or_create(pk=1, defaults={"last_look": now, "last_full": now})
    look = Look.objects.select_for_update().get(pk=1)
    if is_full:
        # Also back: the clock was wrong, and what lies between must be looked at again.
        look.last_look = look.last_full = now
    else:
        look.last_look = max(look.last_look, now)
    look.save(update_fields=["last_look", "last_full"])


def _queue(due: Iterable[DueReminder], *, now: dt.datetime) -> int:
    """Write the mails while the duties are still being read: no more than a batch is held."""
    if connection.vendor == "sqlite":
        # It takes no write beside a half-read answer once somebody else has written.
        due = list(due)
    waiting, written = iter(due), 0
    while batch := list(islice(waiting, BATCH)):
        written += _queue_batch(batch, now=now)
    return written


@transaction.atomic
def _queue_batch(due: Sequence[DueReminder], *, now: dt.datetime) -> int:
    sweep_id = uuid.uuid4()
    Delivery.objects.bulk_create(
        [
            Delivery(
                kind=reminder.kind,
                duty=reminder.duty.key,
                recipient=reminder.recipient,
                due_key=reminder.due_key,
                sweep=sweep_id,
            )
            for reminder in due
        ],
        ignore_conflicts=True,
    )
    by_key = {reminder.key: reminder for reminder in due}
    written = 0
    for delivery in Delivery.objects.filter(sweep=sweep_id).order_by("id"):
        reminder = by_key[delivery.duty, delivery.recipient_id, delivery.due_key]
        mail = _write_mail(reminder, now=now)
        if mail is None:
            # The next sweep asks for it again.
            touch_keys([reminder.duty.about])
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
                template=reminder.template,
                to=reminder.recipient.email,
                language=reminder.recipient.language,
                context=_context(reminder, now=now),
                about=reminder.duty.about,
                owner=reminder.duty.owner,
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
        "stands_in": reminder.stands_in,
        "duty_label": kinds()[reminder.kind].label,
        "now": now,
        "overdue": reminder.deadline < now,
        "page": f"{settings.BASE_URL}{reminder.page}",
    }
