"""Empties after a test that has committed only the tables that have rows.

PostgreSQL's TRUNCATE takes its time for each table, also for an empty one.
"""

from typing import Any

from django.db import connection

# Made by the migrations, not by a test: a worker that runs beside knows them by their numbers.
KEPT = {"django_content_type", "auth_permission"}
# For a writer that a test has left behind; one that never ends fails the test that left it.
PATIENCE = "30s"


def empty_only_what_has_rows() -> None:
    """Let PostgreSQL delete the few rows of a test instead of truncating all tables."""
    if connection.vendor != "postgresql":
        return
    truncate = connection.ops.sql_flush
    name = connection.ops.quote_name

    def sql_flush(style: Any, tables: list[str], *, reset_sequences: bool = False, **options: Any):
        if reset_sequences or not tables:
            return truncate(style, tables, reset_sequences=reset_sequences, **options)
        looks = [
            f"SELECT '{table}' WHERE EXISTS (SELECT FROM {name(table)})"
            for table in tables
            if table not in KEPT
        ]
        return [
            f"SET LOCAL lock_timeout = '{PATIENCE}'",
            # Who still writes ends first: what commits after the look would stay.
            f"LOCK TABLE {', '.join(map(name, tables))} IN SHARE MODE",
            # Foreign keys are checked at the end, so the order is none.
            f"""
            DO $$ DECLARE filled text; BEGIN
                FOR filled IN {" UNION ALL ".join(looks)} LOOP
                    EXECUTE 'DELETE FROM ' || quote_ident(filled);
                END LOOP;
            END $$
            """,
        ]

    connection.ops.sql_flush = sql_flush  # type: ignore[method-assign]
