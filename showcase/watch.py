"""Triggers of the database that tell when what the public reads of pairings has changed.

Whatever writes a watched column (a service, a command, a bulk update, the admin, SQL by hand) gives
the change a number in its own transaction; see showcase.models.PublicChange. Nobody has to think of
it, and it cannot come too early or too late.
"""

from typing import NamedTuple

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

PREFIX = "showcase_watch"
FUNCTION = f"{PREFIX}_note"
# Room for the sum of very many in 64 bits.
LARGEST = 2**48


class Watched(NamedTuple):
    """A table; updates count if they touch one of the columns (none: all)."""

    table: str
    columns: tuple[str, ...] = ()
    # New and deleted rows: not where nothing public can hang on a row yet, or any more.
    rows: bool = True


WATCHED = (
    Watched(
        "pairings_pairing",
        ("status", "slug", "reference", "origin", "call_id", "members_key", "started_on"),
    ),
    Watched(
        "pairings_pairingmember", ("pairing_id", "organisation_id", "side", '"order"', "called")
    ),
    Watched("organisations_organisationname"),
    Watched("pairings_pairing_topics"),
    Watched(
        "organisations_organisation",
        (
            *("name", "search_name", "slug", "kind", "country_id", "latitude", "longitude"),
            *("time_zone", "origin", "note"),
        ),
        rows=False,
    ),
    Watched("organisations_organisationcity"),
    Watched("programme_city", ("name", "search_name", "reference_population"), rows=False),
    Watched("programme_country", ("name", "search_name"), rows=False),
    Watched("programme_topic", ("name", "search_name"), rows=False),
    Watched("programme_topic_themes"),
    Watched("programme_theme"),
    Watched("calls_call", ("origin",), rows=False),
)

# One row per transaction: two that are open at once never wait for each other.
_NOTE_NOW_POSTGRESQL = f"""
    INSERT INTO showcase_publicchange (id, number)
    VALUES (txid_current(), floor(random() * {LARGEST})::bigint)
    ON CONFLICT (id) DO UPDATE SET number = excluded.number
"""  # noqa: S608 - nothing from outside
_NOTE_POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {_NOTE_NOW_POSTGRESQL};
    RETURN NULL;
END $$
"""
# SQLite has one writer at a time: one row is enough. No "OR REPLACE": within a trigger the upsert
# that set it off decides what a conflict does.
_NOTE_SQLITE = f"""
    INSERT INTO showcase_publicchange (id, number) VALUES (1, abs(random() % {LARGEST}))
"""  # noqa: S608 - nothing from outside
_NOTE_ALONE = f"DELETE FROM showcase_publicchange; {_NOTE_SQLITE}"  # noqa: S608


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers anew and note a change; safe to repeat.

    SQLite loses the triggers of a table that a migration rebuilds, so this follows every migration.
    Until all tables are there it does nothing.
    """
    on_sqlite = connection.vendor == "sqlite"
    if not _are_there(connection):
        return
    with connection.cursor() as cursor:
        if not on_sqlite:
            cursor.execute(_NOTE_POSTGRESQL)
        for name, table, event in _triggers():
            if on_sqlite:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(
                    f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {_NOTE_ALONE}; END"
                )
            else:
                cursor.execute(
                    f"CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {table} "
                    f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"
                )
    gather(connection)


def gather(connection: BaseDatabaseWrapper) -> None:
    """Let one new number stand for all that was noted before: each page adds them all up.

    What another transaction notes meanwhile is not seen here, and stays.
    """
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("DELETE FROM showcase_publicchange")
        cursor.execute(_NOTE_SQLITE if connection.vendor == "sqlite" else _NOTE_NOW_POSTGRESQL)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: PostgreSQL changes no type of a column that one of them names.

    The numbers go too, and without any number nothing is remembered, so that even where a
    migration fails half-way nobody reads what is no longer so.
    """
    if not _are_there(connection):
        return
    with connection.cursor() as cursor:
        for name, table, _event in _triggers():
            on_table = "" if connection.vendor == "sqlite" else f" ON {table}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")
        cursor.execute("DELETE FROM showcase_publicchange")


def _are_there(connection: BaseDatabaseWrapper) -> bool:
    wanted = {"showcase_publicchange", *(watched.table for watched in WATCHED)}
    return wanted <= set(connection.introspection.table_names())


def _triggers() -> list[tuple[str, str, str]]:
    """Return the triggers as (name, table, event)."""
    found = []
    for table, columns, rows in WATCHED:
        named = f" OF {', '.join(columns)}" if columns else ""
        events = [("update", f"UPDATE{named}")]
        if rows:
            events += [("insert", "INSERT"), ("delete", "DELETE")]
        found += [(f"{PREFIX}_{table}_{word}", table, event) for word, event in events]
    return found
