"""Trying something out: it is written in a transaction that never holds.

Nothing of it can be counted, found, exported or reminded of, since nothing of it is ever there for
anybody else. What would leave the portal asks `is_unmade` first: the one way out of mails does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction

_unmade = ContextVar("unmade", default=False)


def is_unmade() -> bool:
    """Tell whether what is written now will be unmade: nothing of it may leave the portal."""
    return _unmade.get()


@contextmanager
def unmade() -> Iterator[None]:
    """Unmake at the end all that is written within, whatever becomes of it."""
    before = _unmade.set(True)
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        _unmade.reset(before)
