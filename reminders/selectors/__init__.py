"""Reads on what is due, on the outbox and for the two home pages."""

from reminders.selectors.counts import console_counts
from reminders.selectors.due import DueReminder, due_reminders, pairings_without_plan
from reminders.selectors.outbox import latest_heartbeat, oldest_waiting_mail

__all__ = [
    "DueReminder",
    "console_counts",
    "due_reminders",
    "latest_heartbeat",
    "oldest_waiting_mail",
    "pairings_without_plan",
]
