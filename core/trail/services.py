"""Writes on the audit trail: events are appended, never changed."""

import datetime as dt
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from core.kit import days
from core.kit.people import Person
from core.trail.models import AuditEvent

# Writing within this time is one sitting: one line in the audit trail.
SITTING = dt.timedelta(minutes=30)


def record_event(
    *,
    verb: str,
    target: models.Model,
    by: Person | None,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> AuditEvent:
    """Append one line to the audit trail. Call it inside the transaction of the change.

    `verb` is "<thing>.<past participle>", with its words in the app's
    trail.py. `by` is None for what the portal does itself. `details` must be JSON.
    """
    return AuditEvent.objects.create(
        verb=verb,
        target=target,
        target_label=str(target)[:254],
        actor_id=by.pk if by else None,
        actor_name=str(by or "")[:254],
        reason=reason,
        details=details or {},
    )


def sitting_on_record(
    model: type[models.Model], *, verb: str, by: Person | None, section: str
) -> models.Exists:
    """Tell, as part of a query of what is written on, whether this sitting has its line already.

    What is saved while it is typed asks so in the query of its lock, and records the event (with
    `section` among its details) where nothing is there yet; whatever else, by `record_writing`.
    Every text is in the history of its answer.
    """
    return models.Exists(
        AuditEvent.objects.filter(
            target_type=ContentType.objects.get_for_model(model),
            target_id=models.OuterRef("pk"),
            verb=verb,
            actor_id=by.pk if by else None,
            at__gt=days.now() - SITTING,
            details__section=section,
        )
    )


def record_writing(
    *, verb: str, target: models.Model, by: Person | None, section: str
) -> AuditEvent | None:
    """Record that somebody wrote a section, once a sitting; None when it is on record already."""
    model = target.__class__
    known = sitting_on_record(model, verb=verb, by=by, section=section)
    if model._default_manager.filter(known, pk=target.pk).exists():  # noqa: SLF001 - Django's name
        return None
    return record_event(verb=verb, target=target, by=by, details={"section": section})
