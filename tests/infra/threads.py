"""Races with real threads, for tests marked `postgres`."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection


def run_in_threads(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Call `work(0)` … `work(count - 1)` at the same moment; return results in that order.

    An exception is a result too, so that a test can count who won and who was refused. Each
    thread closes its database connection. The test needs `django_db(transaction=True)`: threads
    see only what is committed.
    """
    start = threading.Barrier(count)
    results: list[Any] = [None] * count

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=30)
            results[number] = work(number)
        except Exception as error:  # noqa: BLE001 - the test judges it
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results
