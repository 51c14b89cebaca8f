"""Indexes with which PostgreSQL finds a part of a word in a long table.

SQLite has none and reads the table: it serves small portals.
"""

from collections.abc import Callable
from typing import Any

from django.db.migrations import RunPython


def trigram_index(table: str, column: str, *, folded: bool = False) -> RunPython:
    """Return the operation of a migration that makes `column__icontains` fast.

    A column that holds folded text is asked by `column__contains`: say `folded` for it. It
    takes the extension pg_trgm, which the owner of a database may add.
    """
    name = f"{table}_{column}_parts"
    text = f'"{column}"' if folded else f'UPPER("{column}"::text)'
    add = f'CREATE INDEX "{name}" ON "{table}" USING gin ({text} gin_trgm_ops)'
    return RunPython(
        _on_postgres("CREATE EXTENSION IF NOT EXISTS pg_trgm", add),
        _on_postgres(f'DROP INDEX IF EXISTS "{name}"'),
    )


def _on_postgres(*statements: str) -> Callable[[Any, Any], None]:
    def run(_apps: Any, editor: Any) -> None:
        if editor.connection.vendor == "postgresql":
            for statement in statements:
                editor.execute(statement)

    return run
