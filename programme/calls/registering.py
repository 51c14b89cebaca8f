"""Which bodies may register by themselves: those that a call opens for."""

from core.kit import days
from programme.calls.models import Call


def takes_kind(kind: str) -> bool:
    """Whether a published call that has not closed is meant for such a body."""
    calls = Call.objects.published().filter(closes_at__gte=days.now())
    return any(kind in kinds for kinds in calls.values_list("applicant_kinds", flat=True))
