"""What all the data is made with: its mark, the call of all, pieces of SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from benchmarks.rows import execute
from programme.calls.models import Call

MARK = "bench"


def call_of_all() -> Call:
    """Return the call that takes all applications."""
    return Call.objects.filter(applications__isnull=False).latest("opens_at", "pk")


def series(first: int, until: int) -> str:
    """Return the SQL of the numbers from the first up to, not including, the other."""
    return f"generate_series({first}, {until - 1}) AS n"


def nth(ids: list[Any], number: str = "n") -> str:
    """Return the SQL that takes one of the keys after the other."""
    keys = ", ".join(f"'{key}'" if isinstance(key, str) else str(key) for key in ids)
    return f"(ARRAY[{keys}])[1 + ({number})::int % {len(ids)}]"


@contextmanager
def gathered(name: str, query: str) -> Iterator[str]:
    """Keep the rows of a query as a source for several statements: they are found once."""
    with transaction.atomic():
        execute(f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {query}")
        # The planner takes an unknown table for a short one.
        execute(f"ANALYZE {name}")
        yield f"{name} AS made"
        execute(f"DROP TABLE {name}")
