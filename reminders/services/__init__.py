"""Writes on the outbox, the reminders and the pulse."""

from reminders.services.outbox import (
    hold_mail,
    put_in_outbox,
    release_mail,
    retry_mail,
    send_waiting_mails,
)
from reminders.services.pulse import beat_heart
from reminders.services.sweep import open_missing_plans, queue_reminders

__all__ = [
    "beat_heart",
    "hold_mail",
    "open_missing_plans",
    "put_in_outbox",
    "queue_reminders",
    "release_mail",
    "retry_mail",
    "send_waiting_mails",
]
