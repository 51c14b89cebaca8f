"""Reads on the audit trail."""

import datetime as dt
from functools import reduce
from operator import and_

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet

from core.kit.days import BRUSSELS
from core.kit.people import Person
from core.kit.text import search_words
from core.trail.models import AuditEvent
from core.trail.verbs import targets_about


def events_of(target: Model) -> "QuerySet[AuditEvent]":
    """Return the audit trail of one object, newest first."""
    kind = ContentType.objects.get_for_model(target)
    return AuditEvent.objects.filter(target_type=kind, target_id=target.pk).select_related("actor")


def last_to_change(target: Model) -> Person | None:
    """Return who changed an object last, None for a task or a person who is gone."""
    event = events_of(target).first()
    return event.actor if event else None


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

    `who` looks in the names and addresses of who acted, `about` in what it was done to, in the
    cities behind it and in reasons; accents of names do not matter. Days are Brussels days, the
    last one included. `target` is (content type, id) of one object.
    """
    events = AuditEvent.objects.select_related("actor", "target_type")
    for word in search_words(who):
        events = events.filter(
            Q(actor_name__icontains=word)
            | Q(actor__email__contains=word)
            | Q(actor__search_name__contains=word)
        )
    if about:
        written = Q(target_label__icontains=about) | Q(reason__icontains=about)
        behind = [targets_about(word) for word in search_words(about)]
        events = events.filter(written | reduce(and_, behind, Q()) if behind else written)
    if verb:
        events = events.filter(verb=verb)
    if since:
        events = events.filter(at__gte=_start_of(since))
    if until:
        events = events.filter(at__lt=_start_of(until + dt.timedelta(days=1)))
    if target:
        events = events.filter(target_type_id=target[0], target_id=target[1])
    return events
