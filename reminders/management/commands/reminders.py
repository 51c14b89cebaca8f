"""`manage.py reminders`: what is due to whom, now or at another time."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from reminders.selectors import due_reminders
from reminders.services import queue_reminders


class Command(BaseCommand):
    """Queue the reminders that are due, as the sweep does every half minute."""

    help = "Queue each reminder that is due by now (or --as-of) and not yet recorded."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--as-of",
            metavar="TIME",
            help="Take this for now, e.g. 2026-12-11T09:00; Brussels time unless it has a zone.",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="List them; write and send nothing."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """List or queue."""
        now = read_time(options["as_of"]) if options["as_of"] else timezone.now()
        if not options["dry_run"]:
            self.stdout.write(f"Reminders queued: {queue_reminders(now=now)}")
            return
        due = due_reminders(now)
        for reminder in due:
            self.stdout.write(
                f"{reminder.kind:<14} {reminder.recipient.email:<40} "
                f"{timezone.localtime(reminder.deadline):%Y-%m-%d %H:%M}  {reminder.page}"
            )
        self.stdout.write(f"Reminders due: {len(due)}. Nothing was written.")


def read_time(text: str) -> dt.datetime:
    """Return the instant, or refuse in words."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        message = f"--as-of {text} is no time. Write it as 2026-12-11T09:00."
        raise CommandError(message)
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
