"""Empties after a test that has committed only the tables that have rows.

PostgreSQL's TRUNCATE takes its time for each table, also for an empty one.
"""

from typing import Any

from django.db import connection


def empty_only_what_has_rows() -> None:
    """Let PostgreSQL delete the few rows of a test instead of truncating all tables."""
    if connection.vendor != "postgresql":
        return
    truncate = connection.ops.sql_flush
    name = connection.ops.quote_name

    def sql_flush(style: Any, tables: list[str], *, reset_sequences: bool = False, **options: Any):
        if reset_sequences or not tables:
            return truncate(style, tables, reset_sequences=reset_sequences, **options)
        looks = [f"SELECT '{table}' WHERE EXISTS (SELECT FROM {name(table)})" for table in tables]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(looks))
            # Foreign keys are checked at the end, so the order is none.
            return [f"DELETE FROM {name(table)}" for (table,) in cursor.fetchall()]

    connection.ops.sql_flush = sql_flush  # type: ignore[method-assign]
