"""Waiting for what another process does."""

import time
from collections.abc import Callable
from typing import Any


def wait_until(condition: Callable[[], Any], *, seconds: float = 30, pause: float = 0.05) -> Any:
    """Ask again and again until the answer is truthy, and return it; fail after `seconds`."""
    until = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > until:
            message = f"Waited {seconds} s in vain."
            raise AssertionError(message)
        time.sleep(pause)
