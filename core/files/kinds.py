"""Kinds of files, told by their content, never by their name."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from django.core.files import File
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.files.looking import look_into
from core.files.looking.child import is_signed_data
from core.kit.errors import InvalidError
from core.kit.text import clean_line

# How much of a file is looked at to tell its kind.
HEAD_BYTES = 1024
LONGEST_STEM = 80
_UNSAFE = re.compile(r'[\\/:*?"<>|%;\x00-\x1f\x7f]+')
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What Windows takes for a machine, whatever ending stands behind it.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_ENDINGS = re.compile(r"(\.[A-Za-z0-9]{1,5})+$")


@dataclass(frozen=True)
class FileKind:
    """What a file may be.

    `is_it` looks at the first HEAD_BYTES; `looks` names the parser of core.files.looking that
    then opens all of it, "" for what the portal makes itself.
    """

    media_type: str
    ending: str
    label: str
    is_it: Callable[[bytes], bool]
    looks: str = ""


# Some programmes write a byte order mark, an empty line or a few bytes of their own before the
# header. Never a tag: what a browser could take for a page is none.
_PDF_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*[^<]{0,64}?%PDF-[0-9]", re.DOTALL)


def _starts_with(mark: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(mark)


PDF = FileKind(
    "application/pdf", "pdf", "PDF", lambda head: _PDF_HEADER.match(head) is not None, "pdf"
)
PNG = FileKind("image/png", "png", "PNG", _starts_with(b"\x89PNG\r\n\x1a\n"), "image")
JPEG = FileKind("image/jpeg", "jpg", "JPEG", _starts_with(b"\xff\xd8\xff"), "image")
# A PDF in the envelope of a signature.
P7M = FileKind("application/pkcs7-mime", "p7m", "P7M", is_signed_data, "p7m")
XLSX = FileKind(
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xlsx",
    "XLSX",
    lambda head: head.startswith(b"PK\x03\x04") and b"[Content_Types].xml" in head,
)
# What the portal packs itself: nobody uploads one.
ZIP = FileKind("application/zip", "zip", "ZIP", _starts_with(_ZIP))
# As core.kit.tables writes it: any text could be CSV.
CSV = FileKind("text/csv", "csv", "CSV", _starts_with(b"\xef\xbb\xbf"))
# A signed paper as people send it: printed to PDF, scanned, photographed, signed in an envelope.
SIGNED_PAPERS = (PDF, PNG, JPEG, P7M)

# What is wrong with a file that its kind's parser has met (core.files.looking), with the next step.
_PROBLEMS = {
    "locked": _("The file asks for a password. Save it without one and upload that."),
    "damaged": _("The file is damaged or cut off. Save it again and upload that."),
    "bomb": _("The file unpacks to far more than it seems. Save it as PDF and upload that."),
    "too_many_pixels": _("The picture is too large. Save it with at most 100 million points."),
    "not_a_pdf": _("The signed envelope holds no PDF. Sign a PDF and upload that."),
    "macros": _("The file holds macros. Save it as PDF and upload that."),
    "nested": _("The file holds other files. Save it as PDF and upload that."),
}
_WHAT_RUNS = {
    "JavaScript": _("a script"),
    "Launch": _("a command that starts a programme"),
    "SubmitForm": _("a form that sends itself"),
    "ImportData": _("a form that reads files"),
    "EmbeddedFile": _("attached files"),
    "GoToE": _("attached files"),
    "XFA": _("a form that runs in its reader"),
    "Rendition": _("a film or sound"),
    "RichMedia": _("a film or sound"),
}


@dataclass(frozen=True)
class Told:
    """What a file is, and who signed it as the file itself says."""

    kind: FileKind
    signatures: tuple[dict[str, Any], ...] = ()


def told_of(file: File, kinds: Sequence[FileKind]) -> Told:
    """Return which of `kinds` a file is, and what a parser found in it.

    Raises InvalidError for any other file, and for one of its kind that cannot be opened or
    that does something when it is.
    """
    file.seek(0)
    head = file.read(HEAD_BYTES)
    found = next((kind for kind in kinds if kind.is_it(head)), None)
    if found is None:
        raise InvalidError(_what_instead(file, head, kinds), code="file_type")
    if not found.looks:
        file.seek(0)
        return Told(found)
    file.seek(0)
    seen = look_into(file.read(), found.looks)
    file.seek(0)
    if seen.problem:
        raise InvalidError(_PROBLEMS[seen.problem], code=f"file_{seen.problem}")
    if seen.active:
        things = dict.fromkeys(str(_WHAT_RUNS[one]) for one in seen.active)
        raise InvalidError(
            gettext(
                "The PDF holds %(things)s. Open it, choose “Print” and “Save as PDF”, and upload "
                "what that makes."
            )
            % {"things": get_text_list(list(things), gettext("and"))},
            code="file_active",
        )
    return Told(found, seen.signatures)


def _what_instead(file: File, head: bytes, kinds: Sequence[FileKind]) -> str:
    """Return a sentence on a file of a kind that is not taken: what to send in its place."""
    if head.startswith(_OLE):
        return gettext(
            "This is an Office file of an old kind, or one with a password. Save it as PDF and "
            "upload that."
        )
    if head.startswith(_ZIP):
        file.seek(0)
        problem = look_into(file.read(), "office").problem
        if problem:
            return str(_PROBLEMS[problem])
    return gettext("This is not a %(kinds)s file. Save it as %(first)s and upload that.") % {
        "kinds": get_text_list([kind.label for kind in kinds], gettext("or")),
        "first": kinds[0].label,
    }


def safe_name(typed: str, ending: str) -> str:
    """Return a name without paths, controls or a second ending, e.g. "letter.pdf"."""
    last = PurePosixPath(typed.replace("\\", "/").replace("\0", "")).name
    stem = clean_line(_UNSAFE.sub(" ", last))
    stem = _ENDINGS.sub("", stem).strip(" .")[:LONGEST_STEM]
    stem = stem.strip(" .") or gettext("file")
    return f"{'_' if _DEVICES.fullmatch(stem) else ''}{stem}.{ending}"
