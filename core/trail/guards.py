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
    """Create the triggers anew; safe to repeat. Until all tables are there it does nothing.

    SQLite loses the triggers of a table that a migration rebuilds, so this follows every migration.
    """
    if not _are_there(connection):
        return
    on_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if not on_sqlite:
            cursor.execute(_FUNCTION_POSTGRESQL)
        for table in TABLES:
            for word, event, each in _EVENTS[connection.vendor]:
                name = f"{table}_{word}"
                _drop(cursor, name, table, on_sqlite=on_sqlite)
                does = (
                    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
                    if on_sqlite
                    else f"{each} EXECUTE FUNCTION {FUNCTION}()"
                )
                cursor.execute(f"CREATE TRIGGER {name} {event} ON {table} {does}")


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away, for a migration that must rebuild a table."""
    if not _are_there(connection):
        return
    on_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        for table in TABLES:
            for word, _event, _each in _EVENTS[connection.vendor]:
                _drop(cursor, f"{table}_{word}", table, on_sqlite=on_sqlite)


def _drop(cursor: Any, name: str, table: str, *, on_sqlite: bool) -> None:
    cursor.execute(f"DROP TRIGGER IF EXISTS {name}{'' if on_sqlite else f' ON {table}'}")


def _are_there(connection: BaseDatabaseWrapper) -> bool:
    return set(TABLES) <= set(connection.introspection.table_names())
