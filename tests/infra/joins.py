"""Keeps counts cheap and right: no query aggregates over the product of two relations.

A call with 10,000 applications and 500 pairings has five million pairs of them; who joins both
and counts what is distinct asks the database to walk through them all.
"""

from itertools import combinations
from typing import Any

from django.db.models.fields.reverse_related import ForeignObjectRel
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler


class MultipliedRows(AssertionError):
    """A query joins two relations to many rows each, and aggregates over their product."""


def products(query: Query) -> list[tuple[str, str]]:
    """Return the pairs of relations to many of which a query with an aggregate joins both.

    One that hangs on the other, as the answers of a plan's response do, is no product.
    """
    if query.group_by is None and not any(
        annotation.contains_aggregate for annotation in query.annotations.values()
    ):
        return []
    joins: dict[str, Any] = dict(query.alias_map)
    to_many = [
        alias
        for alias, join in joins.items()
        if query.alias_refcount.get(alias) and _is_to_many(getattr(join, "join_field", None))
    ]
    return [
        (joins[one].table_name, joins[other].table_name)
        for one, other in combinations(to_many, 2)
        if one not in _above(joins, other) and other not in _above(joins, one)
    ]


def _is_to_many(field: Any) -> bool:
    return isinstance(field, ForeignObjectRel) and bool(field.multiple)


def _above(joins: dict[str, Any], alias: str) -> set[str]:
    found = set()
    while alias := getattr(joins.get(alias), "parent_alias", None) or "":
        found.add(alias)
    return found


def refuse_products() -> None:
    """Let every query of this process fail that multiplies rows, parts of others included."""
    as_sql = SQLCompiler.as_sql

    def checked(self: SQLCompiler, *args: Any, **kwargs: Any) -> Any:
        if found := products(self.query):
            pairs = "; ".join(" × ".join(pair) for pair in found)
            message = f"A query counts over {pairs}. Count each in a subquery of its own."
            raise MultipliedRows(message)
        return as_sql(self, *args, **kwargs)

    SQLCompiler.as_sql = checked  # type: ignore[method-assign]
