"""Reads on the outbox."""

from datetime import datetime

from core.kit import days
from core.post.models import Mail
from core.post.states import MailStatus


def oldest_waiting_mail() -> datetime | None:
    """Return since when the mail waits that should have left first; None when none is late."""
    return (
        Mail.objects.filter(
            status__in=[MailStatus.QUEUED, MailStatus.SENDING], due_at__lte=days.now()
        )
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )
