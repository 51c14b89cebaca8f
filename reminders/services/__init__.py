"""Writes on the outbox, the reminders and the pulse."""

from reminders.services.outbox import (
    hold_mail,
    put_in_outbox,
    release_mail,
    retry_mail,
    send_waiting_mails,
)
from reminders.services.pulse import beat_heart

__all__ = [
    "beat_heart",
    "hold_mail",
    "put_in_outbox",
    "release_mail",
    "retry_mail",
    "send_waiting_mails",
]
