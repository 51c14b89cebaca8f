"""What the jobs hold about a person."""

from django.utils.translation import gettext_lazy as _

from core.jobs.models import Job
from core.kit.holdings import Holding

HOLDS = [
    Holding(
        Job,
        ("by",),
        _("Long work that you asked for"),
        _("You can fetch its result for seven days; then it is removed."),
        ("kind", "state", "created_at", "expires_at", "result__name"),
    ),
]
