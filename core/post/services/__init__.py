"""Writes on mails; import them from here."""

from core.post.services.outbox import (
    change_owner,
    put_in_outbox,
    withdraw_all_or_none,
    withdraw_mails,
)
from core.post.services.sending import (
    LEASE,
    PAUSES,
    as_message,
    send_waiting_mails,
)
from core.post.services.staff import correct_mail, hold_mail, release_mail, retry_mail

__all__ = [
    "LEASE",
    "PAUSES",
    "as_message",
    "change_owner",
    "correct_mail",
    "hold_mail",
    "put_in_outbox",
    "release_mail",
    "retry_mail",
    "send_waiting_mails",
    "withdraw_all_or_none",
    "withdraw_mails",
]
