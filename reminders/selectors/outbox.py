"""Reads on the outbox, for staff."""

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from accounts.rules import is_regional_desk, sees_everything
from applications.selectors import mails_kept_from
from core.kit.paging import count_so_far
from core.post.models import Mail
from core.post.states import STATUSES_IN, OutboxView
from programme.organisations.rules import of_desk


def visible_mails(user: User) -> "QuerySet[Mail]":
    """Return the mails a member of staff may read.

    Coordinators and observers see all; a regional desk those to people of its countries. Nobody
    those about an application that they have a link with.
    """
    if sees_everything(user):
        return Mail.objects.exclude(mails_kept_from(user))
    if is_regional_desk(user):
        people = User.objects.filter(of_desk(user, "memberships__organisation__"))
        return Mail.objects.filter(recipient__in=people.values("email")).exclude(
            mails_kept_from(user)
        )
    return Mail.objects.none()


# The parts that grow for ever; the others are what somebody or something still has to do.
GROWING = (OutboxView.SENT, OutboxView.WITHDRAWN)


# The parts that a mail can lie in.
PARTS = tuple(view for view in OutboxView if view != OutboxView.ALL)


def outbox_counts(user: User, search: str = "") -> dict[OutboxView, int]:
    """Return how many mails lie in each part of the outbox, MOST_COUNTED at most where it grows.

    With `search`, of those it finds. A query for what is to be done, and one for each part that
    grows.
    """
    mails = _found(user, search).order_by()
    to_do = [status for view in PARTS if view not in GROWING for status in STATUSES_IN[view]]
    rows = mails.filter(status__in=to_do).values_list("status").annotate(number=Count("*"))
    by_status = dict(rows)
    counts = {
        view: count_so_far(mails.filter(status__in=STATUSES_IN[view]))
        if view in GROWING
        else sum(by_status.get(status, 0) for status in STATUSES_IN[view])
        for view in PARTS
    }
    return counts | {OutboxView.ALL: sum(counts.values())}


def _found(user: User, search: str) -> "QuerySet[Mail]":
    """Return the mails whose address or subject holds the words; all without any."""
    mails = visible_mails(user)
    if search:
        mails = mails.filter(Q(recipient__icontains=search) | Q(subject__icontains=search))
    return mails


def mails_in(user: User, view: OutboxView, search: str = "") -> "QuerySet[Mail]":
    """Return one part of the outbox: what waits by when it goes, the rest newest first."""
    mails = _found(user, search).filter(status__in=STATUSES_IN[view])
    if view == OutboxView.WAITING:
        return mails.order_by("due_at", "id")
    if view == OutboxView.SENT:
        return mails.order_by("-sent_at", "-id")
    return mails.order_by("-created_at", "-id")


def view_of(mail: Mail) -> OutboxView:
    """Return the part of the outbox a mail lies in."""
    return next(view for view in PARTS if mail.status in STATUSES_IN[view])


def readers_of(mails: Iterable[Mail]) -> dict[str, User]:
    """Return the people behind the addresses, with the organisations they belong to."""
    addresses = {mail.recipient for mail in mails}
    people = User.objects.filter(email__in=addresses)
    return {
        person.email: person
        for person in people.prefetch_related("memberships__organisation__country")
    }
