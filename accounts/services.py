"""Writes on people and the audit trail."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import models, transaction

from accounts.models import AuditEvent, User


def record_event(
    *,
    verb: str,
    target: models.Model,
    by: User | None,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> AuditEvent:
    """Append one line to the audit trail. Call it inside the transaction of the change.

    `verb` is "<thing>.<past participle>", registered with its words in the app's
    apps.py. `by` is None for what the portal does itself. `details` must be JSON.
    """
    return AuditEvent.objects.create(
        verb=verb,
        target=target,
        target_label=str(target)[:254],
        actor=by,
        actor_name=str(by or "")[:254],
        reason=reason,
        details=details or {},
    )


@transaction.atomic
def create_person(
    *, email: str, full_name: str, password: str | None = None, **fields: Any
) -> User:
    """Create a person whose address counts as verified, for commands and demo data.

    People themselves sign up through the pages of sign-in.
    """
    user = User.objects.create_user(email, password, full_name=full_name, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
