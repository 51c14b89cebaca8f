"""`manage.py match`: recommend pairs for the cities of a call, or of a JSON file."""

import json
import os
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pairings.matching.engine import MatchingInputError, Session, read_instance
from pairings.matching.engine.files import as_file, empty_file
from pairings.matching.engine.output import summary
from pairings.matching.selectors import instance_data, missing_of, why_empty
from pairings.matching.services.solving import ALL_ALTERNATIVES, asked
from programme.calls.models import Call

BAD_INPUT = 2
BAR_WIDTH = 30


class Command(BaseCommand):
    """Reads an instance, solves it with proof, writes JSON or a summary."""

    help = "Recommend pairs for the cities of a call, or of a file (see docs/matching.md)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--input", help="the instance, JSON; - for standard input")
        source.add_argument("--call", help="the slug of a call: its instance, from the database")
        parser.add_argument(
            "--output", help="where to write the result; without it a summary is shown"
        )
        parser.add_argument(
            "--alternatives",
            choices=["auto", "all", "few", "none"],
            default="auto",
            help="for which left cities: all, the worst-off and unpaired (few), or none; "
            f"auto is all up to {ALL_ALTERNATIVES:,} cities",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        bar = ProgressBar()
        output = Path(options["output"]) if options["output"] else None
        try:
            data = _data(options["input"], options["call"])
            # A file without cities is a wrong file; a call without them has no pairs.
            if options["call"] and (reason := why_empty(data)):
                self._end_empty(data, reason, output)
                return
            instance = read_instance(data)
        except MatchingInputError as error:
            raise CommandError(str(error), returncode=BAD_INPUT) from error
        session = Session(instance, progress=bar.show)
        session.solve()
        if output is None:
            bar.clear()
            self.stdout.write(summary(session))
            self._tell_what_is_missing(data, options["call"])
            return
        result = as_file(session, asked(session, options["alternatives"]))
        bar.clear()
        _write(output, result)
        self.stdout.write(f"{len(result['pairs']):,} pairs written to {output}.")
        self._tell_what_is_missing(data, options["call"])

    def _end_empty(self, data: dict[str, Any], reason: str, output: Path | None) -> None:
        """Tell that there is nobody to pair: an answer, not a mistake."""
        if output:
            _write(output, empty_file(data, reason))
        self.stdout.write(f"0 pairs. {reason}")

    def _tell_what_is_missing(self, data: dict[str, Any], call: str | None) -> None:
        """List what the cities of a call have not said: it counts nothing for them."""
        missing = missing_of(data) if call else {}
        if missing:
            self.stdout.write("\nNot said, so it counts nothing:")
        for slug, keys in missing.items():
            self.stdout.write(f"  {slug}: {', '.join(keys)}")


class ProgressBar:
    """A bar on standard error, only where a person looks."""

    def __init__(self) -> None:
        self._on = sys.stderr.isatty()
        self._last = ""

    def show(self, title: str, share: float) -> None:
        """Draw the bar; `share` is 0…1."""
        line = f"{title:<22}[{'#' * int(share * BAR_WIDTH):<{BAR_WIDTH}}] {share:>4.0%}"
        if self._on and line != self._last:
            sys.stderr.write(f"\r{line}")
            sys.stderr.flush()
            self._last = line

    def clear(self) -> None:
        """Remove the bar."""
        if self._last:
            sys.stderr.write("\r" + " " * len(self._last) + "\r")


def _data(name: str | None, slug: str | None) -> Any:
    """Return the instance of a file or of a call, as it is checked."""
    if name is not None:
        return _read_json(name)
    call = Call.objects.filter(slug=slug).first()
    if call is None:
        raise MatchingInputError("--call", f"No call has the slug {slug!r}.")
    return instance_data(call)


def _read_json(name: str) -> Any:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MatchingInputError(name, f"The file cannot be read: {error}.") from error
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"{name}, line {error.lineno}, column {error.colno}"
        raise MatchingInputError(place, f"This is not JSON: {error.msg}.") from error


def _write(path: Path, result: dict[str, Any]) -> None:
    """Write whole or not at all."""
    try:
        handle, name = tempfile.mkstemp(dir=path.resolve().parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(result, file, ensure_ascii=False, indent=1)
            file.write("\n")
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        message = f"{path} cannot be written: {error}."
        raise CommandError(message, returncode=1) from error
