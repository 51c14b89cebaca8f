"""Rows of a practice: gathered before they are unmade, and put back for the next page."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.core import serializers
from django.db import connection
from django.db.models import ForeignObjectRel, Model

from accounts.models import User
from core.jobs.models import Job
from core.threads.models import Thread

# What a row of a practice may point at that belongs to it too.
FORWARD = (Thread, Job)
# On SQLite a number is given out again once its transaction is unmade: those of a practice begin
# where no real row will ever be. PostgreSQL gives each out once.
APART = 1_500_000_000
Found = dict[type[Model], dict[Any, Model]]


def keep_apart() -> None:
    """Let rows that are made from now on have numbers that no row outside will ever get."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE seq < %s", [APART, APART])
        cursor.execute(
            "INSERT INTO sqlite_sequence (name, seq) SELECT name, %s FROM sqlite_master"
            " WHERE type = 'table' AND sql LIKE '%%AUTOINCREMENT%%'"
            " AND name NOT IN (SELECT name FROM sqlite_sequence)",
            [APART],
        )


def gathered(roots: Iterable[tuple[str, Any]]) -> list[dict[str, Any]]:
    """Return all rows that hang on the roots, as JSON: found by asking the models."""
    found: Found = defaultdict(dict)
    ahead: dict[type[Model], set[Any]] = defaultdict(set)
    for label, pk in roots:
        ahead[apps.get_model(label)].add(pk)
    while ahead:
        model, keys = ahead.popitem()
        new = model._base_manager.in_bulk(keys - found[model].keys())  # noqa: SLF001
        found[model] |= new
        for other, pks in _beside(model, new):
            ahead[other] |= pks - found[other].keys()
            if not ahead[other]:
                del ahead[other]
    rows = [row for by_key in found.values() for row in by_key.values()]
    return list(serializers.serialize("python", rows))


def _beside(model: type[Model], rows: dict[Any, Model]) -> Iterator[tuple[type[Model], set[Any]]]:
    """Yield the rows that point at these, and those of FORWARD that they point at."""
    if not rows or model is User:
        # A made-up person is kept; what they did hangs on a case anyway.
        return
    for field in model._meta.get_fields(include_hidden=True):  # noqa: SLF001 - Django's name
        if isinstance(field, ForeignObjectRel):
            if not field.many_to_many and field.field.concrete:
                other: Any = field.field.model
                of_them = {f"{field.field.name}__in": list(rows)}
                yield other, set(other._base_manager.filter(**of_them).values_list("pk", flat=True))  # noqa: SLF001
        elif field.is_relation and field.concrete and field.related_model in FORWARD:
            keys = {getattr(row, field.attname) for row in rows.values()} - {None}
            if keys:
                yield field.related_model, keys


def put_back(rows: list[dict[str, Any]]) -> None:
    """Write the rows as they were gathered, with their own numbers."""
    by_model: dict[type[Model], list[Model]] = defaultdict(list)
    for one in serializers.deserialize("python", rows):
        by_model[type(one.object)].append(one.object)
    for model, objects in by_model.items():
        model._base_manager.bulk_create(objects)  # noqa: SLF001 - whatever a manager hides
