"""Who looks after an application, and who has opened it."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.casework.models import CaseOwner, Mention, Seen
from applications.casework.selectors import possible_owners
from applications.models import Application
from applications.services.locking import lock_application, not_yours
from core.kit import days
from core.kit.errors import InvalidError
from core.kit.writes import require_known, require_version
from core.trail.services import record_event


@transaction.atomic
def set_owner(
    *, application: Application, owner: User | None, read_version: int, by: User
) -> CaseOwner:
    """Let somebody look after an application: oneself, a colleague who sees it, or nobody.

    `read_version` is that of the owner's row on the page, 0 where there was none. Raises
    StaleError when it has changed hands since, InvalidError for a colleague who may not own it.
    """
    application = lock_application(application, "casework.own_case", by)
    row = CaseOwner.objects.filter(application=application).select_related("owner").first()
    stored = row.version if row else 0
    require_version(stored, read_version, current=row, otherwise=_changed_hands(row))
    if owner is not None and not possible_owners(application).filter(pk=owner.pk).exists():
        raise InvalidError(
            _("%(name)s does not see this application, or may not act on it. Choose a colleague.")
            % {"name": str(owner)},
            field="owner",
        )
    if (row.owner if row else None) == owner:
        return row or CaseOwner(application=application, owner=None, version=0)
    before = str(row.owner) if row and row.owner else ""
    row = row or CaseOwner(application=application)
    row.owner, row.given_by, row.since, row.version = owner, by, days.now(), stored + 1
    row.save()
    verb = "case.let_go" if owner is None else "case.taken" if owner == by else "case.given"
    record_event(
        verb=verb, target=row, by=by, details={"former_owner": before, "owner": str(owner or "")}
    )
    return row


def _changed_hands(row: CaseOwner | None) -> str:
    if row and row.owner:
        return _(
            "%(name)s looks after this application since a moment ago. Look again before you "
            "change it."
        ) % {"name": str(row.owner)}
    return _("This application has changed hands meanwhile. Look again before you change it.")


def note_seen(*, application: Application, by: User, notes: Collection[int] = ()) -> None:
    """Write down that somebody of staff has opened an application, in one query.

    `notes` are those of the page that call them (by key): they are read now, in one query more.
    What was not shown still waits. Whoever calls asks first whether it has to be
    (`Case.has_to_mark`): no page writes each time it is read.
    """
    # As it was read for the page: a mark on a page that is shown anyway waits for no lock.
    require_known(
        by,
        "casework.open_case",
        application,
        otherwise=not_yours() % {"name": application.organisation.name},
    )
    Seen.objects.bulk_create(
        [Seen(application=application, person_id=by.pk, at=days.now())],
        update_conflicts=True,
        unique_fields=["application", "person"],
        update_fields=["at"],
    )
    if notes:
        called = Mention.objects.filter(note__in=notes, note__application=application.pk)
        called.filter(person_id=by.pk, read_at=None).update(read_at=days.now())
