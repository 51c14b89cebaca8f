"""Reads on the outbox and the pulse."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from reminders.models import Heartbeat, Mail
from reminders.states import STATUSES_IN, MailStatus, OutboxView


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


def outbox_counts(user: User) -> dict[OutboxView, int]:
    """Return how many mails lie in each part of the outbox; one query."""
    rows = Mail.objects.visible_to(user).order_by().values_list("status").annotate(Count("pk"))
    by_status = dict(rows)
    return {
        view: sum(by_status.get(status, 0) for status in statuses)
        for view, statuses in STATUSES_IN.items()
    }


def mails_in(user: User, view: OutboxView, search: str = "") -> "QuerySet[Mail]":
    """Return one part of the outbox: what waits by when it goes, the rest newest first."""
    mails = Mail.objects.visible_to(user).filter(status__in=STATUSES_IN[view])
    if search:
        mails = mails.filter(Q(recipient__icontains=search) | Q(subject__icontains=search))
    if view == OutboxView.WAITING:
        return mails.order_by("due_at", "id")
    if view == OutboxView.SENT:
        return mails.order_by("-sent_at", "-id")
    return mails.order_by("-created_at", "-id")


def view_of(mail: Mail) -> OutboxView:
    """Return the part of the outbox a mail lies in."""
    return next(view for view, statuses in STATUSES_IN.items() if mail.status in statuses)


def readers_of(mails: Iterable[Mail]) -> dict[str, User]:
    """Return the people behind the addresses, with the organisations they belong to."""
    addresses = {mail.recipient for mail in mails}
    people = User.objects.filter(email__in=addresses)
    return {
        person.email: person
        for person in people.prefetch_related("memberships__organisation__country")
    }
