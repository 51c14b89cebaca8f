"""Reads on what is due and on the outbox."""

from reminders.selectors.due import (
    DueReminder,
    due_reminders,
    instant_of,
)
from reminders.selectors.outbox import (
    PARTS,
    mails_in,
    outbox_counts,
    readers_of,
    view_of,
    visible_mails,
)
from reminders.selectors.people import Recipient, recipients_of

__all__ = [
    "PARTS",
    "DueReminder",
    "Recipient",
    "due_reminders",
    "instant_of",
    "mails_in",
    "outbox_counts",
    "readers_of",
    "recipients_of",
    "view_of",
    "visible_mails",
]
