"""The data of the benchmarks: the programme, the demo cases, and as many rows as asked.

The database makes the rows itself, out of patterns of the demo: `benchmarks.rows.multiply`.
"""

import os
import time
from pathlib import Path

from django.core.management import call_command
from django.db import transaction

from benchmarks.data.applications import add_applications
from benchmarks.data.common import MARK, call_of_all
from benchmarks.data.deciding import keep_waiting, rank
from benchmarks.data.mails import add_mails
from benchmarks.data.pairings import add_duties, add_pairings, remove_duties
from benchmarks.data.plans import add_measures, demo_plan
from benchmarks.rows import take_stock
from benchmarks.sizes import Size

__all__ = [
    "MARK",
    "add_duties",
    "build",
    "call_of_all",
    "demo_plan",
    "fill",
    "keep_waiting",
    "prepare",
    "rank",
    "remove_duties",
]


def prepare() -> None:
    """Make an empty database into a portal without data."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)


def build() -> None:
    """Make an empty database into a portal with real data and demo cases."""
    prepare()
    with Path(os.devnull).open("w") as nowhere:
        call_command("load_programme", verbosity=0, stdout=nowhere)
        call_command("seed_demo", stage="plans", verbosity=0, stdout=nowhere)


def fill(size: Size) -> None:
    """Add rows until there are as many of each kind as the size says; say how long it took."""
    began = time.monotonic()
    with transaction.atomic():
        add_applications(size.applications)
        add_pairings(size.pairings)
        add_measures(size.measures)
        add_mails(size.mails)
    take_stock()
    print(f"{size.name}: rows made in {time.monotonic() - began:.1f} s", flush=True)
