"""How every write begins: the right, the row lock, the version read, and reasons in words."""

from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from core.kit.errors import InvalidError, NotAllowedError, StaleError, Words
from core.kit.people import Person, forget
from core.kit.text import clean_paragraphs

M = TypeVar("M", bound=Model)

# Most characters of a reason, unless its form says otherwise.
REASON_LIMIT = 3000


def require(by: Person, permission: str, target: object | None = None, *, otherwise: Words) -> None:
    """Raise NotAllowedError with the sentence `otherwise` unless the person has the right.

    The sentence says whom to ask. What a page has remembered of the person is read anew: a role
    may have been taken away while the service waited for its lock.
    """
    forget(by)
    require_known(by, permission, target, otherwise=otherwise)


def require_known(
    by: Person, permission: str, target: object | None = None, *, otherwise: Words
) -> None:
    """Do as `require`, by what is remembered of the person: it was just read under the lock."""
    if not by.has_perm(permission, target):
        raise NotAllowedError(otherwise)


def lock(
    row: M, *related: str, above: tuple[str, ...] = (), along: tuple[str, ...] = (), **beside: Any
) -> M:
    """Re-read a row under a lock of its own, with `related` rows; of these, `along` too.

    Nobody else changes it until the transaction ends. Raises the model's DoesNotExist when
    it is gone. `above` are related rows that must stay as they are meanwhile, such as a parent:
    they are locked first, as by who begins with them, and rows that belong to them can still be
    added. `beside` are expressions on the row, read in the same query as they are under the lock.
    """
    # Not type(): the person of a request is a proxy that names its class only this way.
    rows = row.__class__._default_manager.filter(pk=row.pk)  # noqa: SLF001 - Django's name
    if related:
        rows = rows.select_related(*related)
    locks: dict[str, Any] = {"of": (*above, "self", *along), "no_key": bool(above)}
    if not beside:
        return _locked(rows.select_for_update(**locks))
    # What stands beside is of the moment at which the query began. So it counts only where there
    # was nothing to wait for; who had to wait asks again, holding the lock.
    rows = rows.annotate(**beside)
    for found in rows.select_for_update(skip_locked=True, **locks):
        return found
    _locked(rows.select_for_update(**locks))
    return rows.get()


def hold(model: type[Model], pk: Any) -> None:
    """Let nobody lock or change a row until the transaction ends; others may hold it beside us.

    For what is decided by a row that stays as it is: read it after this. Who will change the row
    takes `lock` instead, from the beginning.
    """
    if connection.vendor != "postgresql":
        # There one alone writes.
        return
    table = connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001 - Django's public name
    with connection.cursor() as cursor:
        # Django has no words for a lock that several share.
        cursor.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR SHARE", [pk])  # noqa: S608


def _locked(rows: "QuerySet[M]") -> M:
    """Return the one row; a row whose related one was exchanged while we waited is asked for anew.

    PostgreSQL leaves it out then: it no longer belongs to the related row that was read before.
    """
    return rows.first() or rows.get()


def require_version(stored: int, read: int, *, current: Any = None, otherwise: Words = "") -> None:
    """Raise StaleError with `current` when the page was read in another version than stored."""
    if read != stored:
        raise StaleError(
            otherwise
            or _(
                "This page was saved while you were writing, by a colleague or in your other "
                "tab. Compare both versions and save what should stand."
            ),
            current=current,
            version=stored,
        )


def clean_text(value: str, *, field: str, limit: int, missing: Words = "") -> str:
    """Return the cleaned text; an empty one is refused when `missing` says how to put it right."""
    value = clean_paragraphs(value)
    if missing and not value:
        raise InvalidError(missing, field=field)
    if len(value) > limit:
        raise InvalidError(
            _("Write at most %(limit)d characters; you have %(length)d.")
            % {"limit": limit, "length": len(value)},
            field=field,
        )
    return value


def clean_reason(value: str, *, missing: Words = "", limit: int = REASON_LIMIT) -> str:
    """Return the cleaned reason, as clean_text does."""
    return clean_text(value, field="reason", limit=limit, missing=missing)
