"""The sweep of reminders that runs twice a minute."""

import datetime as dt

from benchmarks.data import add_duties, remove_duties
from benchmarks.harness import Action, Figures, case
from benchmarks.sizes import Size
from core.kit.days import now
from reminders.models import Look
from reminders.services import open_missing_plans, sweep_reminders


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
    sweep()
    return sweep


@case("sweep of reminders, hourly look at all", Figures(mb=40), is_heavy=True)
def hourly(_size: Size) -> Action:
    def full() -> int:
        Look.objects.update(last_full=now() - dt.timedelta(hours=2))
        return sweep()

    return full
