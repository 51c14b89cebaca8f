"""Lookups that Django does not have."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import StartsWith
from django.db.models.sql.compiler import SQLCompiler

# Sorts behind every text that begins with what stands before it.
_LAST = chr(0x10FFFF)


class Begins(StartsWith):
    """`name__begins`: case counts, and the index of the column is used on both databases.

    `startswith` becomes a LIKE that SQLite answers by reading the whole table.
    """

    lookup_name = "begins"

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        """Return a range, which SQLite compares byte by byte."""
        column, values = self.process_lhs(compiler, connection)
        return f"({column} >= %s AND {column} < %s)", (
            *values,
            self.rhs,
            *values,
            f"{self.rhs}{_LAST}",
        )

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        """Return a LIKE, which takes the index that Django makes for patterns."""
        column, values = self.process_lhs(compiler, connection)
        text = str(self.rhs)
        for sign in "\\%_":
            text = text.replace(sign, f"\\{sign}")
        return f"{column} LIKE %s", (*values, f"{text}%")
