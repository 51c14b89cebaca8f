"""Small helpers for the servers that the tests start."""

import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path


class Missing(Exception):
    """A part that the tests need cannot be had here; the text says which and what to do."""


def free_port() -> int:
    """Return a port of the loopback interface that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(
    port: int, process: "subprocess.Popen[bytes]", log: Path, seconds: float = 30
) -> None:
    """Wait until a server listens; tell its last words when it does not."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    tail = log.read_text(errors="replace")[-2000:]
    message = f"{log.stem} did not start on port {port}:\n{tail}"
    raise Missing(message)


def stopper(process: "subprocess.Popen[bytes]", number: int) -> Callable[[], None]:
    """Return a function that ends a server with the signal it likes, or by force."""

    def stop() -> None:
        if process.poll() is None:
            process.send_signal(number)
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    return stop


def is_root() -> bool:
    """Tell whether this process may do everything (and PostgreSQL would refuse to run)."""
    return os.geteuid() == 0
