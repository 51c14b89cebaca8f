"""Writes on the audit trail: events are appended, never changed."""

import datetime as dt
from typing import Any

from django.db import models

from core.kit import days
from core.kit.people import Person
from core.trail.models import AuditEvent
from core.trail.selectors import events_of

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


def record_writing(
    *, verb: str, target: models.Model, by: Person | None, section: str
) -> AuditEvent | None:
    """Record that somebody wrote a section that saves itself, once a sitting.

    Every text is in the history of its answer; None when the sitting is on record already.
    """
    recent = events_of(target).filter(
        verb=verb,
        actor_id=by.pk if by else None,
        at__gt=days.now() - SITTING,
        details__section=section,
    )
    if recent.exists():
        return None
    return record_event(verb=verb, target=target, by=by, details={"section": section})
