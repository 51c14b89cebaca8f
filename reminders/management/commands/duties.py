"""`manage.py duties`: the catalogue of what is due, to whom and until when."""

from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.core.management.base import CommandError

from core.duties.catalogue import CHUNK, Ask, Duty, find, kinds
from programme.calls.models import Call
from reminders.management.as_of import AsOfCommand, brussels, time_of
from reminders.selectors import recipients_of


class Command(AsOfCommand):
    """Print the catalogue; nothing is written."""

    help = "Print every duty: kind, what it is about, who, until when, whether it is done, page."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        super().add_arguments(parser)
        parser.add_argument("--kind", action="append", help="Only of this kind; can be repeated.")
        parser.add_argument("--call", metavar="SLUG", help="Only what hangs on this call.")
        parser.add_argument("--open", action="store_true", help="Leave out what is done.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print one line, or one object, for each duty."""
        unknown = sorted(set(options["kind"] or ()) - set(kinds()))
        if unknown:
            message = f"No kind is called {unknown[0]}. There are: {', '.join(kinds())}."
            raise CommandError(message)
        wanted = [kinds()[key] for key in options["kind"] or kinds()]
        ask = Ask(
            now=time_of(options["as_of"]),
            call=_call(options["call"]) if options["call"] else None,
            done=False if options["open"] else None,
        )
        rows = _rows(find(ask, wanted))
        if options["json"]:
            self.write_json(rows)
            return
        number = 0
        for row in rows:
            number += 1
            self.stdout.write(
                f"{row['kind']:<14} {row['about']:<20} {brussels(row['due']):<16} "
                f"{'done' if row['done'] else 'open'}  {row['page']}  "
                f"{', '.join(row['who']) or row['owner']}"
            )
        self.stdout.write(f"Duties: {number}.")


def _call(slug: str) -> int:
    try:
        return Call.objects.get(slug=slug).pk
    except Call.DoesNotExist as error:
        message = f"There is no call {slug}."
        raise CommandError(message) from error


def _rows(duties: Iterator[Duty]) -> Iterator[dict[str, Any]]:
    """Return the duties as a program reads them, with the people behind each owner."""
    while batch := list(islice(duties, CHUNK)):
        recipients = recipients_of(batch)
        for duty in batch:
            yield {
                "key": duty.key,
                "kind": duty.kind,
                "about": duty.about,
                "owner": duty.owner,
                "who": [recipient.user.email for recipient in recipients[duty.key]],
                "due": duty.due,
                "done": duty.done,
                "page": duty.page,
            }
