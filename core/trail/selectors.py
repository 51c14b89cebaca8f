"""Reads on the audit trail."""

import datetime as dt
from collections.abc import Iterator
from functools import reduce
from operator import and_
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.kit.days import BRUSSELS
from core.kit.people import Person
from core.kit.rows import number_of
from core.kit.text import search_words
from core.trail.chain import RootDigest
from core.trail.models import AuditEvent, AuditRoot, SealedChain, kind_of
from core.trail.verbs import kept_from, targets_about

# Rows fetched at a time, whatever the size of the portal.
CHUNK = 2000


def events_of(target: Model) -> "QuerySet[AuditEvent]":
    """Return the audit trail of one object, newest first."""
    kind = ContentType.objects.get_for_model(target)
    events: QuerySet[AuditEvent] = AuditEvent.objects.filter(target_type=kind, target_id=target.pk)
    return events.select_related("words__actor").order_by("-number")


def number_of_events(model: type[Model]) -> Subquery:
    """Return how many records an object has, as a part of the query that reads it."""
    kind = ContentType.objects.get_for_model(model)
    return number_of(AuditEvent.objects.filter(target_type=kind, target_id=OuterRef("pk")))


def last_to_change(target: Model) -> Person | None:
    """Return who changed an object last, None for a task or a person who is gone."""
    event = events_of(target).first()
    return event.actor if event else None


def _start_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, tzinfo=BRUSSELS)


def audit_events(
    *,
    reader: Person | None = None,
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
    last one included. `target` is (content type, id) of one object. What is kept from the `reader`
    is left out.
    """
    events = AuditEvent.objects.select_related("words__actor", "target_type")
    if reader is not None:
        events = events.exclude(kept_from(reader))
    for word in search_words(who):
        events = events.filter(
            Q(words__actor_name__icontains=word)
            | Q(words__actor__email__contains=word)
            | Q(words__actor__search_name__contains=word)
        )
    if about:
        written = Q(words__label__icontains=about) | Q(words__reason__icontains=about)
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


def newest_root() -> AuditRoot | None:
    """Return the newest seal over all records; None before the first."""
    return AuditRoot.objects.first()


def sealed_rows(root: int) -> Iterator[dict[str, Any]]:
    """Return the chains that a root names, in their order: how far, and how far before."""
    earlier = (
        SealedChain.objects.filter(
            target_type=OuterRef("target_type"), target_id=OuterRef("target_id"), root__lt=root
        )
        .order_by()
        .values("target_type")
        .annotate(last=Max("number"))
        .values("last")
    )
    rows: Any = SealedChain.objects.filter(root=root).order_by("target_type", "target_id")
    rows = rows.annotate(earlier=Coalesce(Subquery(earlier), 0))
    found: Iterator[dict[str, Any]] = rows.values(
        "target_type", "target_id", "number", "hash", "earlier"
    ).iterator(CHUNK)
    return found


def root_over(*, number: int, at: dt.datetime, previous: AuditRoot | None) -> AuditRoot:
    """Return the root of this number as its chains and the root before it make it, unsaved."""
    root = AuditRoot(
        number=number,
        at=at,
        records=previous.records if previous else 0,
        chains=previous.chains if previous else 0,
    )
    digest = RootDigest(previous=previous.hash if previous else "", number=number)
    for row in sealed_rows(number):
        kind = kind_of(ContentType.objects.get_for_id(row["target_type"]))
        digest.add(kind=kind, target_id=row["target_id"], last=row["number"], head=row["hash"])
        root.records += row["number"] - row["earlier"]
        root.chains += row["earlier"] == 0
    root.hash = digest.seal(at=at, records=root.records, chains=root.chains)
    return root
