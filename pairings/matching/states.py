"""How far a run is, in words and colours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    """How far a run is."""

    QUEUED = "queued", _("waits")
    SOLVING = "solving", _("being solved")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


# The state and the result of such a run are still to be written, once.
OPEN = (RunState.QUEUED, RunState.SOLVING)
STATE_TONES = {
    RunState.QUEUED: "info",
    RunState.SOLVING: "progress",
    RunState.DONE: "success",
    RunState.FAILED: "danger",
}
# Up to so many cities a side are matched while the page waits; more are a job.
SMALL = 300
