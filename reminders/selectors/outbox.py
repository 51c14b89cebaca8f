"""Reads on the outbox, for staff."""

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from accounts.rules import is_regional_desk, sees_everything
from core.kit.paging import count_so_far
from core.post.models import Mail
from core.post.states import STATUSES_IN, OutboxView
from programme.organisations.rules import of_desk


def visible_mails(user: User) -> "QuerySet[Mail]":
    """Return the mails a member of staff may read.

    Coordinators and observers see all; a regional desk those to people of its countries.
    """
    if sees_everything(user):
        return Mail.objects.all()
    if is_regional_desk(user):
        people = User.objects.filter(of_desk(user, "memberships__organisation__"))
        return Mail.objects.filter(recipient__in=people.values("email"))
    return Mail.objects.none()


# The parts that grow for ever; the others are what somebody or something still has to do.
GROWING = (OutboxView.SENT, OutboxView.WITHDRAWN)


def outbox_counts(user: User) -> dict[OutboxView, int]:
    """Return how many mails lie in each part of the outbox, MOST_COUNTED at most where it grows.

    A query for what is to be done, and one for each part that grows.
    """
    mails = visible_mails(user).order_by()
    to_do = [
        status
        for view, statuses in STATUSES_IN.items()
        if view not in GROWING
        for status in statuses
    ]
    rows = mails.filter(status__in=to_do).values_list("status").annotate(number=Count("*"))
    by_status = dict(rows)
    return {
        view: count_so_far(mails.filter(status__in=statuses))
        if view in GROWING
        else sum(by_status.get(status, 0) for status in statuses)
        for view, statuses in STATUSES_IN.items()
    }


def mails_in(user: User, view: OutboxView, search: str = "") -> "QuerySet[Mail]":
    """Return one part of the outbox: what waits by when it goes, the rest newest first."""
    mails = visible_mails(user).filter(status__in=STATUSES_IN[view])
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
