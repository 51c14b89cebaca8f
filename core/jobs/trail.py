"""What the audit trail says of jobs."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "job.started": _("Job started"),
    "job.cancelled": _("Job stopped"),
}
ICONS = {"job": "refresh"}
