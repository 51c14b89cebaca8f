"""ClamAV, asked over its socket: the file is sent in pieces, one word comes back."""

import logging
import socket
import struct
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings

from core.files.states import Scan

logger = logging.getLogger(__name__)

# Seconds: whoever uploads waits for the answer.
PATIENCE = 10
# An answer is one short line.
LONGEST_ANSWER = 4096


def is_on() -> bool:
    """Tell whether files are scanned here."""
    return bool(settings.CLAMAV)


def scan(pieces: Iterable[bytes]) -> Scan:
    """Return what the scanner says of a file; WAITING when it is away or does not understand.

    OFF where none is set up.
    """
    if not is_on():
        return Scan.OFF
    try:
        answer = _asked(pieces)
    except OSError as error:
        logger.warning("The scanner for viruses is away: %s", error)
        return Scan.WAITING
    if answer.endswith(b"FOUND"):
        logger.error("The scanner found something: %s", answer.decode(errors="replace"))
        return Scan.REFUSED
    if answer.endswith(b"OK"):
        return Scan.CLEAN
    logger.error("The scanner answered: %s", answer.decode(errors="replace"))
    return Scan.WAITING


def _asked(pieces: Iterable[bytes]) -> bytes:
    with _connection() as line:
        line.sendall(b"zINSTREAM\0")
        for piece in pieces:
            if piece:
                line.sendall(struct.pack("!L", len(piece)) + piece)
        line.sendall(struct.pack("!L", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
            part = line.recv(LONGEST_ANSWER)
            if not part:
                break
            answer += part
    return answer.strip(b"\0\r\n ")


def _connection() -> socket.socket:
    """Open the socket that CLAMAV names: unix:/run/clamav/clamd.ctl or tcp://127.0.0.1:3310."""
    place = urlsplit(settings.CLAMAV)
    if place.scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(PATIENCE)
            line.connect(place.path)
        except OSError:
            line.close()
            raise
        return line
    return socket.create_connection((place.hostname or "", place.port or 3310), PATIENCE)
