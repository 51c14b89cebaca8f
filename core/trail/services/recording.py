"""Adding to the audit trail: each record behind the last one of its object."""

import datetime as dt
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, connection, models, transaction

from core.kit import days
from core.kit.people import Person
from core.trail.chain import Deed, plain_json
from core.trail.models import AuditEvent, EventWords, kind_of
from core.trail.verbs import plain_facts, state_field_of

# Writing within this time is one sitting: one line in the audit trail.
SITTING = dt.timedelta(minutes=30)
# Each failed attempt means that another record was written meanwhile.
MOST_ATTEMPTS = 1000
TOO_MANY = "The record of this object is written by too many at once."
SHA256 = {
    "postgresql": "encode(sha256(convert_to({}, 'UTF8')), 'hex')",
    # Django teaches it SQLite.
    "sqlite": "SHA256({})",
}


def record_event(
    *,
    verb: str,
    target: models.Model,
    by: Person | None,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> AuditEvent:
    """Append one record to the chain of its object. Call it inside the transaction of the change.

    `verb` is "<thing>.<past participle>", with its words in the app's trail.py. `by` is None for
    what the portal does itself. `details` must be JSON; what trail.PLAIN does not name of them is
    kept with the words, which may be erased. The state of the object is read from it as it is
    now: call it once the change is made.

    Two queries. Who writes about the same object at once waits for the other, as at its row lock.
    """
    known = plain_json(details or {})
    plain = {name: value for name, value in known.items() if name in plain_facts()}
    words = EventWords(
        actor_id=by.pk if by else None,
        actor_name=str(by or "")[:254],
        label=str(target)[:254],
        reason=reason,
        details={name: value for name, value in known.items() if name not in plain},
    )
    return append(
        verb=verb,
        kind=ContentType.objects.get_for_model(target),
        target_id=target.pk,
        actor_key=by.pseudonym if by else None,
        after=str(getattr(target, state_field_of(target.__class__), "") or "")[:60],
        facts=plain,
        words=words,
    )


def append(*, kind: ContentType, words: EventWords, **of_deed: Any) -> AuditEvent:
    """Write a record and its words; `of_deed` is what a Deed holds besides."""
    deed = Deed(
        kind=kind_of(kind),
        at=days.now(),
        actor_digest=words.actor_digest,
        words_digest=words.digest,
        **of_deed,
    )
    # Without a savepoint: whoever calls has a transaction, and it ends with this one.
    with transaction.atomic(savepoint=False):
        event = _append(deed, kind)
        words.event = event
        words.save(force_insert=True)
    return event


def _append(deed: Deed, kind: ContentType) -> AuditEvent:
    """Write a record behind the last one of its object, in one query."""
    values: dict[str, Any] = {"target_type": kind.pk, **vars(deed)}
    del values["kind"]
    columns = {
        f'"{field.column}"': field.get_db_prep_save(values[field.name], connection)
        for field in AuditEvent._meta.concrete_fields  # noqa: SLF001 - Django's public name
        if field.name in values
    }
    sql = _statement(list(columns))
    for _attempt in range(MOST_ATTEMPTS):
        with connection.cursor() as cursor:
            cursor.execute(sql, [*columns.values(), deed.digest(), kind.pk, deed.target_id])
            # Nothing: another writer was faster and took the number, so take the next one.
            if row := cursor.fetchone():
                return _as_event(deed, kind, row)
    raise OperationalError(TOO_MANY)


def _statement(columns: list[str]) -> str:
    """Return the INSERT that finds number, state before and hash in the record before it.

    The hash is `core.trail.chain.link`, computed where the record before is read.
    """
    previous, number, before = (
        "COALESCE(last.hash, '')",
        "COALESCE(last.number, 0) + 1",
        """COALESCE(last."after", '')""",
    )
    text = f"{previous} || '|' || CAST({number} AS text) || '|' || {before} || '|' || %s"
    given, marks = ", ".join(columns), ", ".join(["%s"] * len(columns))
    table = AuditEvent._meta.db_table  # noqa: SLF001
    return (
        f'INSERT INTO "{table}" ({given}, "number", "before", "hash") '  # noqa: S608 - ours alone
        f"SELECT {marks}, {number}, {before}, {SHA256[connection.vendor].format(text)} "
        "FROM (SELECT 1) AS one LEFT JOIN ("
        f'SELECT "number", "after", "hash" FROM "{table}" '
        "WHERE target_type_id = %s AND target_id = %s ORDER BY number DESC LIMIT 1"
        ") AS last ON TRUE WHERE TRUE "
        'ON CONFLICT DO NOTHING RETURNING "id", "number", "before", "hash"'
    )


def _as_event(deed: Deed, kind: ContentType, row: tuple[Any, ...]) -> AuditEvent:
    """Return the record that was written, as if it had been read."""
    pk, number, before, digest = row
    values = {name: value for name, value in vars(deed).items() if name != "kind"}
    event = AuditEvent(pk=pk, target_type=kind, number=number, before=before, hash=digest, **values)
    event._state.adding, event._state.db = False, connection.alias  # noqa: SLF001
    return event


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
            # Who has not signed in has none, and is refused once the row is there.
            actor_key=getattr(by, "pseudonym", None),
            at__gt=days.now() - SITTING,
            facts__section=section,
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
