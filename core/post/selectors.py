"""Reads on the outbox."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from core.kit import days
from core.post.models import CHUNK, Mail
from core.post.states import RECALLABLE, MailStatus


def count_waiting(*, about: Sequence[str], kinds: Iterable[str]) -> int:
    """Return how many mails `withdraw_mails` would take back of these things and kinds."""
    mails = Mail.objects.filter(status__in=RECALLABLE, kind__in=list(kinds))
    return sum(
        mails.filter(about__in=about[start : start + CHUNK]).count()
        for start in range(0, len(about), CHUNK)
    )


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
