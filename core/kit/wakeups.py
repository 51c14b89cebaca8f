"""Wake-ups: telling a worker that there is work, without ever holding up or failing the caller.

The database says what there is to do; beat looks every half minute, so a lost wake-up costs time
and nothing else.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)

# A request waits this long for the broker.
WAKE_UP_SECONDS = 0.5
# After a failure the broker is left alone for a while.
PAUSE_SECONDS = 10


class WakeUps:
    """Asks the broker for tasks in a thread of its own, one after the other.

    A broker that refuses is logged once, one that accepts and stays silent costs the caller half
    a second, once. What is asked for twice while the broker is asked is sent once.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: dict[tuple[str, tuple[Any, ...]], None] = {}
        self._thread: threading.Thread | None = None
        self._paused_until = 0.0
        self._answers = True

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Ask for nothing meanwhile."""
        self._paused_until = float("inf")
        try:
            yield
        finally:
            self._paused_until = 0.0

    def call(self, task: str, *args: Any) -> None:
        """Ask for a task by its name; `args` must be JSON."""
        with self._lock:
            if time.monotonic() < self._paused_until:
                return
            self._asked[task, args] = None
            if self._thread is not None:
                return
            self._thread = threading.Thread(target=self._send_all, daemon=True)
            thread = self._thread
        thread.start()
        thread.join(WAKE_UP_SECONDS)

    def _next(self) -> tuple[str, tuple[Any, ...]] | None:
        with self._lock:
            if not self._asked:
                self._thread = None
                return None
            first = next(iter(self._asked))
            del self._asked[first]
            return first

    def _send_all(self) -> None:
        while asked := self._next():
            task, args = asked
            try:
                current_app.send_task(task, args=args, retry=False)
                self._answers = True
            except Exception as error:  # noqa: BLE001 - no fault of a broker is the caller's
                # Once, until it answers again: it may be away for hours.
                logger.log(
                    logging.WARNING if self._answers else logging.DEBUG,
                    "The broker does not answer (%s); beat will ask again.",
                    type(error).__name__,
                )
                self._answers = False
                with self._lock:
                    self._asked.clear()
                    self._paused_until = time.monotonic() + PAUSE_SECONDS


_wake_ups = WakeUps()


def wake_up(task: str, *args: Any) -> None:
    """Ask for a task once the transaction that runs holds."""
    transaction.on_commit(lambda: _wake_ups.call(task, *args), robust=True)


def nobody_listens() -> AbstractContextManager[None]:
    """Ask for nothing while the broker is not up yet, and beat will see to all when it is."""
    return _wake_ups.paused()
