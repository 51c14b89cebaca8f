"""Demo of something done with many applications at once, which can still be taken back."""

from applications.acting import actions
from applications.assessment.actions import PREPARE
from applications.assessment.states import PendingOutcome
from applications.bulk.models import BulkRun
from applications.bulk.selectors import chosen_by, previewed
from applications.bulk.services import start_run
from applications.models import Application
from applications.states import ApplicationStatus
from core.jobs.services import run_job
from iuc_portal.demo.calls import ASIA
from iuc_portal.demo.people import person


def hold_many() -> None:
    """Let the coordinator find outcomes held, all at once, unless many were changed already."""
    if BulkRun.objects.exists():
        return
    coordinator = person("coordinator")
    open_ones = Application.objects.filter(
        call__code=ASIA, status=ApplicationStatus.ELIGIBLE, outcome=None
    )
    values = {"outcome": PendingOutcome.HELD, "reason": "", "paragraphs": []}
    ids = list(open_ones.values_list("pk", flat=True))
    looked = previewed(actions()[PREPARE], chosen_by(coordinator, ids), values, coordinator)
    if any(one.change.is_change for one in looked):
        seen = {one.application.pk: one.mark for one in looked}
        run = start_run(action=PREPARE, values=values, seen=seen, by=coordinator)
        if run.job is not None:
            run_job(pk=run.job.pk)
