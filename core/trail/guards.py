"""Triggers of the database that let records be added and nothing else.

They hold for whoever writes past the portal: SQL by hand, the admin, a bulk update. The owner of
the database can take them away; `manage.py audit verify` finds what was done then.
"""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("trail_auditevent", "trail_auditroot", "trail_sealedchain")
FUNCTION = "trail_only_added"
REFUSAL = "The record of deeds is only added to."

_FUNCTION_POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
_EVENTS = {
    "postgresql": (
        ("change", "BEFORE UPDATE OR DELETE", "FOR EACH ROW"),
        ("truncate", "BEFORE TRUNCATE", "FOR EACH STATEMENT"),
    ),
    "sqlite": (("update", "BEFORE UPDATE", ""), ("delete", "BEFORE DELETE", "")),
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers that are not there; safe to repeat. Until all tables are there, nothing.

    SQLite loses the triggers of a table that a migration rebuilds, so this follows every migration.
    What stands is left alone: no moment is without guard, and no table is locked. Triggers of
    another form come with a migration of this app, before which all are removed.
    """
    if not _are_there(connection):
        return
    on_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        standing = set() if on_sqlite else _standing_on_postgresql(cursor)
        create = "CREATE TRIGGER IF NOT EXISTS" if on_sqlite else "CREATE OR REPLACE TRIGGER"
        for table in TABLES:
            for word, event, each in _EVENTS[connection.vendor]:
                name = f"{table}_{word}"
                if name in standing:
                    continue
                does = (
                    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
                    if on_sqlite
                    else f"{each} EXECUTE FUNCTION {FUNCTION}()"
                )
                cursor.execute(f"{create} {name} {event} ON {table} {does}")


def _standing_on_postgresql(cursor: Any) -> set[str]:
    """Create the function, and return the triggers that call it and are not switched off."""
    cursor.execute(_FUNCTION_POSTGRESQL)
    cursor.execute(
        "SELECT tgname FROM pg_trigger "
        "WHERE tgfoid = CAST(%s AS regproc) AND tgenabled IN ('O', 'A')",
        [FUNCTION],
    )
    return {name for (name,) in cursor.fetchall()}


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away, for a migration that must rebuild a table."""
    if not _are_there(connection):
        return
    with connection.cursor() as cursor:
        for table in TABLES:
            for word, _event, _each in _EVENTS[connection.vendor]:
                on_table = "" if connection.vendor == "sqlite" else f" ON {table}"
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{word}{on_table}")


def _are_there(connection: BaseDatabaseWrapper) -> bool:
    return set(TABLES) <= set(connection.introspection.table_names())
