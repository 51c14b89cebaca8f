"""Reads on what is due, on the outbox and for the two home pages."""

from reminders.selectors.console import Console, console_of
from reminders.selectors.counts import console_counts
from reminders.selectors.due import DueReminder, due_reminders, pairings_without_plan
from reminders.selectors.outbox import (
    latest_heartbeat,
    mails_in,
    oldest_waiting_mail,
    outbox_counts,
    readers_of,
    view_of,
)
from reminders.selectors.workspace import Workspace, workspace_of

__all__ = [
    "Console",
    "DueReminder",
    "Workspace",
    "console_counts",
    "console_of",
    "due_reminders",
    "latest_heartbeat",
    "mails_in",
    "oldest_waiting_mail",
    "outbox_counts",
    "pairings_without_plan",
    "readers_of",
    "view_of",
    "workspace_of",
]
