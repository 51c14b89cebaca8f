"""The numbers beside the entries of the console's menu."""

from typing import Any

from django.db.models import Count, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from applications.models import Application
from applications.states import ApplicationStatus
from core.post.states import MailStatus
from pairings.models import Pairing
from reminders.selectors import visible_mails


def console_counts(user: User) -> dict[str, int]:
    """Return what waits for staff, by URL name: one query, whatever there is.

    Applications to check (for an assessor: all that are assigned), live pairings, and mails that
    failed or are held.
    """
    applications = Application.objects.visible_to(user)
    if user.has_perm("applications.list_to_check"):
        applications = applications.filter(status=ApplicationStatus.SUBMITTED)
    wanted: dict[str, QuerySet[Any]] = {"applications:staff_list": applications}
    if user.has_perm("pairings.list_pairings"):
        wanted["pairings:staff_list"] = Pairing.objects.visible_to(user).live()
    if user.has_perm("post.view_outbox"):
        wanted["reminders:outbox"] = visible_mails(user).filter(
            status__in=[MailStatus.FAILED, MailStatus.HELD]
        )
    names = {f"n{number}": name for number, name in enumerate(wanted)}
    row = (
        User.objects.filter(pk=user.pk)
        .annotate(**{short: _count(wanted[name]) for short, name in names.items()})
        .values(*names)
        .first()
    )
    return {name: row[short] for short, name in names.items()} if row else {}


def _count(rows: "QuerySet[Any]") -> Coalesce:
    """Return the number of rows as a part of a larger query."""
    plain = rows.model.objects.filter(pk__in=rows.order_by().values("pk"))
    total = plain.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk"))
    return Coalesce(Subquery(total.values("n")), 0)
