"""`manage.py audit`: prove that the record holds, seal it, erase words in it."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.kit.errors import PortalError
from core.trail.models import AuditEvent, AuditRoot
from core.trail.proving import Proof, prove
from core.trail.selectors import newest_root
from core.trail.services import Part, erase_records, seal_records


class Command(BaseCommand):
    """Verify, seal or erase."""

    help = "Prove that the record of deeds holds; seal it; erase words in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the three things it does."""
        does = parser.add_subparsers(dest="does", required=True)
        verify = does.add_parser(
            "verify", help="Read every record and name the first of each chain that is wrong."
        )
        verify.add_argument(
            "--root",
            nargs="+",
            metavar="LINE",
            help="A root that was kept outside: the line, or its number, a colon, its hash.",
        )
        does.add_parser("root", help="Seal all records now and print the newest root.")
        erase = does.add_parser(
            "erase", help="Erase who acted, or the words of records; the chains hold."
        )
        what = erase.add_mutually_exclusive_group(required=True)
        what.add_argument("--name", help="Erase this name wherever the person acted.")
        what.add_argument(
            "--record", type=int, nargs="+", metavar="ID", help="Erase the words of these records."
        )
        erase.add_argument("--reason", required=True, help="Why, naming nobody; it is recorded.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do one of the three."""
        does = {"verify": self.verify, "root": self.root, "erase": self.erase}
        does[options["does"]](options)

    def verify(self, options: dict[str, Any]) -> None:
        """Print what was read; end with an error where something does not hold."""
        begun = time.monotonic()
        proof = prove(outside=_root(" ".join(options["root"])) if options["root"] else None)
        for fault in proof.faults:
            self.stdout.write(f"WRONG {fault}")
        self.stdout.write(_counts(proof))
        if proof.newest:
            self.stdout.write(f"Newest root: {_line(proof.newest)}.")
        self.stdout.write(f"Read in {time.monotonic() - begun:.1f} seconds.")
        if proof.wrong:
            message = f"The record does not hold: {proof.wrong} wrong."
            raise CommandError(message)
        self.stdout.write("The record holds.")

    def root(self, _options: dict[str, Any]) -> None:
        """Seal what is new, and print the line to be kept outside."""
        seal_records()
        root = newest_root()
        if root is None:
            raise CommandError("There are no records yet, so there is nothing to seal.")
        self.stdout.write(_line(root))

    def erase(self, options: dict[str, Any]) -> None:
        """Erase, and say how much that was."""
        records = AuditEvent.objects.select_related("words")
        if options["name"]:
            part, events = Part.ACTOR, records.filter(words__actor_name=options["name"])
        else:
            part, events = Part.WORDS, records.filter(pk__in=options["record"])
        try:
            number = erase_records(events=events, part=part, reason=options["reason"])
        except PortalError as error:
            raise CommandError(str(error)) from error
        if not number:
            raise CommandError("Nothing was found that is not erased already.")
        self.stdout.write(f"Erased in {number} records.")


def _root(text: str) -> tuple[int, str]:
    """Read a line as `audit root` prints it: what follows the hash is for people."""
    number, _colon, digest = next(iter(text.split()), "").partition(":")
    if not (number.isdigit() and digest):
        raise CommandError("Write the root as it was printed: its number, a colon, its hash.")
    return int(number), digest


def _line(root: AuditRoot) -> str:
    moment = root.at.astimezone().isoformat(timespec="seconds")
    return f"{root} {moment}, {root.records} records in {root.chains} chains"


def _counts(proof: Proof) -> str:
    return (
        f"{proof.records} records in {proof.chains} chains, {proof.roots} roots, "
        f"{proof.unsealed} records since the last root; erased: who acted in "
        f"{proof.actors_erased}, words of {proof.words_erased}."
    )
