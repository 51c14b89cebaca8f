"""What an uploaded letter really is: looked at by content, never by its name."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.kit.errors import InvalidError
from core.kit.text import clean_line

# First bytes -> (content type, ending).
_KINDS = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
)
_UNSAFE = re.compile(r'[\\/:*?"<>|%;\x00-\x1f\x7f]+')
LONGEST_STEM = 80
# A PDF ends with this mark, save some bytes that mail programs append.
_PDF_END, _PDF_TAIL = b"%%EOF", 2048


@dataclass(frozen=True)
class SeenFile:
    """A file that may be kept: the name to show, and what its content is."""

    name: str
    content_type: str
    size: int
    sha256: str


def safe_name(typed: str, ending: str) -> str:
    """Return a name without paths, controls or a second ending, e.g. "letter.pdf"."""
    last = PurePosixPath(typed.replace("\\", "/").replace("\0", "")).name
    stem = clean_line(_UNSAFE.sub(" ", last))
    stem = re.sub(r"(\.[A-Za-z0-9]{1,5})+$", "", stem).strip(" .")[:LONGEST_STEM]
    return f"{stem.strip(' .') or 'letter'}.{ending}"


def look_at(upload: Any) -> SeenFile:
    """Return what a file is. Raises InvalidError (field "file") with what to send instead."""
    if not upload.size:
        raise InvalidError(
            _("The file is empty. Open it on your computer, save it again and upload it."),
            field="file",
            code="empty_file",
        )
    if upload.size > settings.UPLOAD_MAX_BYTES:
        raise InvalidError(
            _("The file has %(size)s MB; at most %(limit)s MB are taken. Scan it smaller.")
            % {
                "size": number_format(upload.size / 1024 / 1024, 1),
                "limit": settings.UPLOAD_MAX_BYTES // 1024 // 1024,
            },
            field="file",
            code="file_too_large",
        )
    upload.seek(0)
    start = upload.read(16)
    found = next((kind for kind in _KINDS if start.startswith(kind[0])), None)
    if found is None:
        raise InvalidError(
            _("This is not a PDF, PNG or JPEG file. Save the letter as PDF and upload that."),
            field="file",
            code="file_type",
        )
    _mark, content_type, ending = found
    digest = hashlib.sha256()
    tail, encrypted = b"", False
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
        # The words may lie across two chunks.
        window = tail + chunk
        encrypted = encrypted or b"/Encrypt" in window
        tail = window[-_PDF_TAIL:]
    upload.seek(0)
    if ending == "pdf":
        _refuse_unreadable(complete=_PDF_END in tail, encrypted=encrypted)
    return SeenFile(
        name=safe_name(str(upload.name or ""), ending),
        content_type=content_type,
        size=upload.size,
        sha256=digest.hexdigest(),
    )


def _refuse_unreadable(*, complete: bool, encrypted: bool) -> None:
    if encrypted:
        raise InvalidError(
            _("The PDF asks for a password. Save it without one and upload that."),
            field="file",
            code="file_locked",
        )
    if not complete:
        raise InvalidError(
            _("The PDF is damaged or cut off. Save it again and upload that."),
            field="file",
            code="file_damaged",
        )
