"""Triggers of the database that keep a run as it was started, and as it ended.

They hold for whoever writes past the portal: SQL by hand, a bulk update. What a run was given never
changes; state and result are written until it has ended, then never more. Keys that the database
itself empties (a person who left, work that was cleared away) may still go.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "matching_run"
NAME = f"{TABLE}_kept"
REFUSAL = "A run is never changed."
GIVEN = (
    *("call_id", "number", "parent_id", "change", "note", "instance", "missing", "banned"),
    *("applicants", "created_at"),
)
WRITTEN_ONCE = (
    *("inputs", "state", "result", "potentials", "digest", "pairs", "total", "worst", "seconds"),
    *("ended_at", "error"),
)


def _is_change(different: str) -> str:
    """Return the condition of a change that is refused, with the database's word for it."""

    def differ(columns: tuple[str, ...]) -> str:
        return " OR ".join(f"NEW.{name} {different} OLD.{name}" for name in columns)

    return f"{differ(GIVEN)} OR (OLD.ended_at IS NOT NULL AND ({differ(WRITTEN_ONCE)}))"


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the trigger anew; safe to repeat. Until the table is there, nothing.

    SQLite loses the triggers of a table that a migration rebuilds, so this follows every migration.
    """
    if TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER IF EXISTS {NAME}")
            cursor.execute(
                f"CREATE TRIGGER {NAME} BEFORE UPDATE ON {TABLE} WHEN {_is_change('IS NOT')} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
            return
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        cursor.execute(
            f"CREATE OR REPLACE TRIGGER {NAME} BEFORE UPDATE ON {TABLE} FOR EACH ROW "
            f"WHEN ({_is_change('IS DISTINCT FROM')}) EXECUTE FUNCTION {NAME}()"
        )


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the trigger away, for a migration that must rebuild the table."""
    if TABLE not in connection.introspection.table_names():
        return
    on_table = "" if connection.vendor == "sqlite" else f" ON {TABLE}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER IF EXISTS {NAME}{on_table}")
