"""Reads on the outbox and the pulse."""

from datetime import datetime

from django.utils import timezone

from reminders.models import Heartbeat, Mail
from reminders.states import MailStatus


def latest_heartbeat() -> datetime | None:
    """Return when beat last reached a worker."""
    return Heartbeat.objects.values_list("at", flat=True).first()


def oldest_waiting_mail() -> datetime | None:
    """Return since when the mail waits that should have left first; None when none is late."""
    return (
        Mail.objects.filter(
            status__in=[MailStatus.QUEUED, MailStatus.SENDING], due_at__lte=timezone.now()
        )
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )
