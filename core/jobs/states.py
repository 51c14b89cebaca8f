"""The states of a job, in words and colours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Stopped")


UNFINISHED = (JobState.QUEUED, JobState.RUNNING)

# The tones of components/status.html.
STATE_TONES = {
    JobState.QUEUED: "info",
    JobState.RUNNING: "progress",
    JobState.DONE: "success",
    JobState.FAILED: "danger",
    JobState.CANCELLED: "plain",
}
