"""What the commands that ask the catalogue share: another time for now, and JSON."""

import datetime as dt
import json
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from core.kit.days import now


class AsOfCommand(BaseCommand):
    """A command with `--as-of` and `--json`."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--as-of",
            metavar="TIME",
            help="Take this for now, e.g. 2026-12-11T09:00; Brussels time unless it has a zone.",
        )
        parser.add_argument("--json", action="store_true", help="Write JSON, for programs.")

    def write_json(self, rows: Iterable[dict[str, Any]]) -> None:
        """Write a list of objects; instants as ISO 8601."""
        text = json.dumps(list(rows), ensure_ascii=False, indent=1, default=dt.datetime.isoformat)
        self.stdout.write(text)


def time_of(text: str | None) -> dt.datetime:
    """Return the instant that `--as-of` names, now without it, or refuse in words."""
    if not text:
        return now()
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        message = f"--as-of {text} is no time. Write it as 2026-12-11T09:00."
        raise CommandError(message)
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def brussels(moment: dt.datetime | None) -> str:
    """Return an instant as a column of a list shows it, in Brussels time."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
