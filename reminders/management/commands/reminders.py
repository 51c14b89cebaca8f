"""`manage.py reminders`: what is due to whom, now or at another time."""

from argparse import ArgumentParser
from typing import Any

from reminders.management.as_of import AsOfCommand, brussels, time_of
from reminders.selectors import DueReminder, due_reminders
from reminders.services import queue_reminders


class Command(AsOfCommand):
    """Queue the reminders that are due, as the full look of the sweep does."""

    help = "Queue each reminder that is due by now (or --as-of) and not yet recorded."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        super().add_arguments(parser)
        parser.add_argument(
            "--dry-run", action="store_true", help="List them; write and send nothing."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """List or queue."""
        at = time_of(options["as_of"])
        if not options["dry_run"]:
            written = queue_reminders(now=at)
            if options["json"]:
                self.write_json([{"queued": written}])
            else:
                self.stdout.write(f"Reminders queued: {written}")
            return
        due = list(due_reminders(at))
        if options["json"]:
            self.write_json(_row(reminder) for reminder in due)
            return
        for reminder in due:
            self.stdout.write(
                f"{reminder.kind:<14} {reminder.recipient.email:<40} "
                f"{brussels(reminder.deadline)}  {reminder.page}"
            )
        self.stdout.write(f"Reminders due: {len(due)}. Nothing was written.")


def _row(reminder: DueReminder) -> dict[str, Any]:
    return {
        "kind": reminder.kind,
        "duty": reminder.duty.key,
        "to": reminder.recipient.email,
        "due": reminder.deadline,
        "occasion": reminder.due_key,
        "page": reminder.page,
    }
