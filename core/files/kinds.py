"""Kinds of files, told by their content, never by their name."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.files import File
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from core.kit.errors import InvalidError
from core.kit.text import clean_line

# How much of a file is looked at to tell its kind.
HEAD_BYTES = 1024
LONGEST_STEM = 80
_UNSAFE = re.compile(r'[\\/:*?"<>|%;\x00-\x1f\x7f]+')
_ENDINGS = re.compile(r"(\.[A-Za-z0-9]{1,5})+$")


@dataclass(frozen=True)
class FileKind:
    """What a file may be.

    `is_it` looks at the first HEAD_BYTES; `check` then looks at all of the file and raises
    InvalidError for one that nobody could open.
    """

    media_type: str
    ending: str
    label: str
    is_it: Callable[[bytes], bool]
    check: Callable[[bytes], None] | None = None


# Some programmes write a byte order mark, an empty line or a few bytes of their own before the
# header. Never a tag: what a browser could take for a page is none.
_PDF_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*[^<]{0,64}?%PDF-[0-9]", re.DOTALL)
_PDF_ENDS = re.compile(rb"startxref\s+0\s+%%EOF|%%EOF")
_ENCRYPTED = re.compile(rb"/Encrypt\s*(?:[0-9]+\s+[0-9]+\s+R|<<)")
_STREAM = re.compile(rb">>\s*stream\r?\n")
_STRING = re.compile(rb"\((?:[^()\\]|\\.)*\)", re.DOTALL)
# Brackets inside the brackets of a text: deeper than this nobody writes.
_DEEPEST = 8


def _between_streams(content: bytes) -> bytes:
    """Return a PDF without its pictures, texts and metadata: the objects that name them."""
    parts, place = [], 0
    while start := _STREAM.search(content, place):
        end = content.find(b"endstream", start.end())
        if end < 0:
            break
        parts.append(content[place : start.start()])
        place = end
    return b" ".join([*parts, content[place:]])


def _is_encrypted(content: bytes) -> bool:
    """Tell whether a PDF asks for a password; a title may hold the word."""
    if b"/Encrypt" not in content:
        return False
    objects = _between_streams(content)
    for _depth in range(_DEEPEST):
        shorter = _STRING.sub(b"", objects)
        if shorter == objects:
            break
        objects = shorter
    return _ENCRYPTED.search(objects) is not None


def _is_complete(content: bytes) -> bool:
    """Tell whether a PDF has its end: what mail programmes append after it does no harm.

    A PDF for the web has a first end near its start ("startxref 0"), which proves nothing; an
    object after the last end is a later version that was cut off.
    """
    ends = list(_PDF_ENDS.finditer(content))
    if not ends or ends[-1][0] != b"%%EOF":
        return False
    return b"endobj" not in content[ends[-1].end() :]


def _check_pdf(content: bytes) -> None:
    if _is_encrypted(content):
        raise InvalidError(
            _("The PDF asks for a password. Save it without one and upload that."),
            code="file_locked",
        )
    if not _is_complete(content):
        raise InvalidError(
            _("The PDF is damaged or cut off. Save it again and upload that."),
            code="file_damaged",
        )


def _starts_with(mark: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(mark)


PDF = FileKind(
    "application/pdf", "pdf", "PDF", lambda head: _PDF_HEADER.match(head) is not None, _check_pdf
)
PNG = FileKind("image/png", "png", "PNG", _starts_with(b"\x89PNG\r\n\x1a\n"))
JPEG = FileKind("image/jpeg", "jpg", "JPEG", _starts_with(b"\xff\xd8\xff"))
XLSX = FileKind(
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xlsx",
    "XLSX",
    lambda head: head.startswith(b"PK\x03\x04") and b"[Content_Types].xml" in head,
)
# As core.kit.tables writes it: any text could be CSV.
CSV = FileKind("text/csv", "csv", "CSV", _starts_with(b"\xef\xbb\xbf"))
# A signed paper as people send it in: printed to PDF, scanned or photographed.
SIGNED_PAPERS = (PDF, PNG, JPEG)


def kind_of(file: File, kinds: Sequence[FileKind]) -> FileKind:
    """Return which of `kinds` a file is.

    Raises InvalidError for any other file, and for one of its kind that cannot be opened.
    """
    file.seek(0)
    head = file.read(HEAD_BYTES)
    found = next((kind for kind in kinds if kind.is_it(head)), None)
    if found is None:
        raise InvalidError(
            _("This is not a %(kinds)s file. Save it as %(first)s and upload that.")
            % {
                "kinds": get_text_list([kind.label for kind in kinds], _("or")),
                "first": kinds[0].label,
            },
            code="file_type",
        )
    if found.check:
        file.seek(0)
        found.check(file.read())
    file.seek(0)
    return found


def safe_name(typed: str, ending: str) -> str:
    """Return a name without paths, controls or a second ending, e.g. "letter.pdf"."""
    last = PurePosixPath(typed.replace("\\", "/").replace("\0", "")).name
    stem = clean_line(_UNSAFE.sub(" ", last))
    stem = _ENDINGS.sub("", stem).strip(" .")[:LONGEST_STEM]
    return f"{stem.strip(' .') or _('file')}.{ending}"
