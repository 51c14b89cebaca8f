"""Reads on people."""

import datetime as dt
from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.days import BRUSSELS
from accounts.errors import WrongStateError
from accounts.models import AuditEvent, User

Row = TypeVar("Row", bound=Model)

DEMO_PASSWORD = "pair-of-cities"  # noqa: S105 - shown on the sign-in page of a demo


@dataclass(frozen=True)
class DemoAccount:
    """A demo account as the sign-in page lists it."""

    email: str
    name: str
    role: str
    password: str = DEMO_PASSWORD


def demo_accounts() -> list[DemoAccount]:
    """List the demo accounts; empty unless the portal runs as a demo."""
    if not settings.DEMO:
        return []
    people = User.objects.filter(is_demo=True, is_active=True).order_by("id")
    return [
        DemoAccount(
            email=user.email,
            name=user.full_name,
            role=str(user.get_staff_role_display()) if user.staff_role else user.job_title,
        )
        for user in people
    ]


def events_of(target: object) -> "QuerySet[AuditEvent]":
    """Return the audit trail of one object, newest first."""
    kind = ContentType.objects.get_for_model(target)  # type: ignore[arg-type]
    return AuditEvent.objects.filter(target_type=kind, target_id=target.pk).select_related("actor")  # type: ignore[attr-defined]


def still_there(rows: "QuerySet[Row]", pk: int) -> "Row":
    """Return a row re-read under the lock of what it belongs to.

    Raises WrongStateError when somebody has removed it since the page was loaded.
    """
    found = rows.filter(pk=pk).first()
    if found is None:
        raise WrongStateError(
            _("Somebody has removed this in the meantime. Load the page again."), code="gone"
        )
    return found


def _start_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, tzinfo=BRUSSELS)


def audit_events(
    *,
    who: str = "",
    about: str = "",
    verb: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
    target: tuple[int, int] | None = None,
) -> "QuerySet[AuditEvent]":
    """Return the audit trail, newest first.

    `who` looks in the names and addresses of who acted, `about` in what it was done to and
    in reasons. Days are Brussels days, the last one included. `target` is (content type,
    id) of one object.
    """
    events = AuditEvent.objects.select_related("actor", "target_type")
    if who:
        events = events.filter(Q(actor_name__icontains=who) | Q(actor__email__icontains=who))
    if about:
        events = events.filter(Q(target_label__icontains=about) | Q(reason__icontains=about))
    if verb:
        events = events.filter(verb=verb)
    if since:
        events = events.filter(at__gte=_start_of(since))
    if until:
        events = events.filter(at__lt=_start_of(until + dt.timedelta(days=1)))
    if target:
        events = events.filter(target_type_id=target[0], target_id=target[1])
    return events
