"""The sweep of reminders that runs twice a minute."""

import datetime as dt
from itertools import islice

from benchmarks.data import add_duties, remove_duties
from benchmarks.harness import Action, Figures, case
from benchmarks.sizes import Size
from core.kit.days import now
from reminders.models import Delivery, Look
from reminders.selectors import due_reminders
from reminders.services import open_missing_plans, sweep_reminders

# Deliveries that are written at once.
BATCH = 1_000


def sweep() -> int:
    """Do what the task does, mails aside."""
    open_missing_plans()
    return sweep_reminders(now=now())


@case("sweep of reminders, nothing new", Figures(loops=0.8, mb=20), is_heavy=True)
def idle(size: Size) -> Action:
    remove_duties()
    add_duties(size.duties)
    # Who is late is told now, and not while it is measured.
    Look.objects.all().delete()
    note_as_told()
    sweep()
    return sweep


def note_as_told() -> None:
    """Note that who is late was told, without the mails: to write thousands takes minutes."""
    due = due_reminders(now())
    while batch := list(islice(due, BATCH)):
        Delivery.objects.bulk_create(
            [
                Delivery(
                    kind=one.kind,
                    duty=one.duty.key,
                    recipient=one.recipient,
                    due_key=one.due_key,
                )
                for one in batch
            ],
            ignore_conflicts=True,
        )


@case("sweep of reminders, hourly look at all", Figures(mb=40), is_heavy=True)
def hourly(_size: Size) -> Action:
    def full() -> int:
        Look.objects.update(last_full=now() - dt.timedelta(hours=2))
        return sweep()

    return full
