"""Keeps the suite sealed: no test reaches another machine."""

import ipaddress
import os
import socket
from typing import Any
from urllib.parse import urlsplit

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex
_getaddrinfo = socket.getaddrinfo


class OutsideWorld(AssertionError):
    """A test tried to reach another machine."""


def seal() -> None:
    """Let sockets of this process reach only this machine and the services that were named."""
    allowed = {
        urlsplit(os.environ[name]).hostname
        for name in ("DATABASE_URL", "REDIS_URL")
        if os.environ.get(name)
    }

    def check(host: object) -> None:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in allowed and not _is_here(name):
            message = f"A test tried to reach {name}. Tests stay on this machine."
            raise OutsideWorld(message)

    def connect(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            check(address[0])
        _connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            check(address[0])
        return _connect_ex(self, address)

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host not in {"0.0.0.0", "::", socket.gethostname()}:
            check(host)
        return _getaddrinfo(host, *args, **kwargs)

    socket.socket.connect = connect  # type: ignore[method-assign]
    socket.socket.connect_ex = connect_ex  # type: ignore[method-assign]
    socket.getaddrinfo = getaddrinfo


def _is_here(name: object) -> bool:
    if name in {None, "", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(name)).is_loopback
    except ValueError:
        return False
