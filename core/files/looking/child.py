"""Opens one file that a stranger sent, and says what it found as JSON.

Runs alone, with limits on memory and time: `python -I child.py pdf < letter.pdf`. It imports
nothing of the portal.
"""

import base64
import hashlib
import io
import json
import re
import resource
import sys
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from asn1crypto import cms

# Bytes of memory, and seconds of the processor.
MEMORY = 700 * 1024 * 1024
WORK = 15
# More than any camera or scanner makes.
MOST_PIXELS = 100_000_000
# Of an Office file, unpacked.
MOST_ENTRIES, MOST_UNPACKED, MOST_TIMES = 2_000, 200 * 1024 * 1024, 200
DEEPEST, MOST_OBJECTS = 60, 500_000
# Of a signature: where the signed bytes begin, how many, and the same after the gap.
RANGE = 4
END = b"%%EOF"
# What runs, starts or sends something when a PDF is opened or clicked on.
ACTIVE_ACTIONS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/GoToE"}
ARCHIVES = re.compile(
    r"\.(zip|rar|7z|gz|tgz|docm|xlsm|pptm|exe|js|vbs|bat|cmd|ps1)$", re.IGNORECASE
)


class ProblemError(Exception):
    """What is wrong, in the words of the parent."""


def pdf(content: bytes) -> dict[str, Any]:
    import pikepdf  # noqa: PLC0415 - slow to load, and a picture needs none of it

    end = content.rfind(END)
    # An object after the last end is a later version that was cut off; mail programmes append
    # other things, which do no harm.
    if end < 0 or b"endobj" in content[end:]:
        raise ProblemError("damaged")
    whole = content[: end + len(END)]
    try:
        document = _opened(pikepdf, whole)
        pages = len(document.pages)
    except pikepdf.PasswordError as error:
        raise ProblemError("locked") from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError) as error:
        raise ProblemError("damaged") from error
    if not pages:
        raise ProblemError("damaged")
    active: set[str] = set()
    signatures = []
    for thing in _dictionaries(pikepdf, document):
        active |= _active(thing)
        if str(thing.get("/Type", "")) in {"/Sig", "/DocTimeStamp"} and "/Contents" in thing:
            signatures.append(_signature_of(thing, content))
    return {"active": sorted(active), "signatures": [one for one in signatures if one]}


def _opened(pikepdf: Any, whole: bytes) -> Any:
    """Open a PDF as it is, or by what can be read of it: many programmes count bytes wrongly."""
    try:
        return pikepdf.open(io.BytesIO(whole), attempt_recovery=False, suppress_warnings=True)
    except pikepdf.PasswordError:
        raise
    except pikepdf.PdfError:
        return pikepdf.open(io.BytesIO(whole), attempt_recovery=True, suppress_warnings=True)


def _dictionaries(pikepdf: Any, document: Any) -> Iterator[Any]:
    """Return every dictionary, those inside of others too; each object is met once."""
    left = [(document.trailer, 0), *((thing, 0) for thing in document.objects)]
    seen = 0
    while left:
        thing, depth = left.pop()
        seen += 1
        if depth > DEEPEST or seen > MOST_OBJECTS:
            raise ProblemError("damaged")
        if isinstance(thing, pikepdf.Stream):
            thing = thing.stream_dict
        if isinstance(thing, pikepdf.Dictionary):
            yield thing
            inside = [value for _name, value in thing.items()]
        elif isinstance(thing, pikepdf.Array):
            inside = list(thing)
        else:
            continue
        left += [
            (one, depth + 1)
            for one in inside
            if isinstance(one, pikepdf.Object) and not one.is_indirect
        ]


def _active(thing: Any) -> set[str]:
    found = set()
    action = str(thing.get("/S", ""))
    if action in ACTIVE_ACTIONS and str(thing.get("/Type", "/Action")) == "/Action":
        found.add(action.strip("/"))
    if "/JS" in thing:
        found.add("JavaScript")
    if "/EF" in thing or str(thing.get("/Type", "")) == "/EmbeddedFile":
        found.add("EmbeddedFile")
    if "/XFA" in thing:
        found.add("XFA")
    if str(thing.get("/Subtype", "")) in {"/RichMedia", "/Movie", "/Sound", "/3D", "/Screen"}:
        found.add("RichMedia")
    return found


def _signature_of(thing: Any, content: bytes) -> dict[str, Any] | None:
    """Return who signed a PDF, and whether all of the file is what was signed."""
    places = [int(number) for number in thing.get("/ByteRange", [])]
    signed = b""
    if len(places) == RANGE and min(places) >= 0:
        start, first, second, rest = places
        signed = content[start : start + first] + content[second : second + rest]
        is_whole = start == 0 and content[second + rest :].strip(b"\0\r\n\t ") == b""
    else:
        is_whole = False
    # Padded with zeros to the room that was left for it.
    found = signers(bytes(thing["/Contents"]), signed)
    return {**found[0], "whole": found[0]["whole"] and is_whole} if found else None


def p7m(content: bytes) -> dict[str, Any]:
    """Look at the PDF inside a signed envelope."""
    inner = inside(content)
    if not inner.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"%PDF-"):
        raise ProblemError("not_a_pdf")
    found = pdf(inner)
    return {**found, "signatures": signers(der(content), inner) + found["signatures"]}


def der(content: bytes) -> bytes:
    """Return an envelope as its bytes: some are written as text."""
    if content[:1] == b"\x30":
        return content
    lines = re.sub(rb"-----[A-Z0-9 ]+-----", b"", content)
    try:
        return base64.b64decode(b"".join(lines.split()), validate=True)
    except ValueError as error:
        raise ProblemError("damaged") from error


def inside(content: bytes) -> bytes:
    """Return what a signed envelope holds."""
    try:
        envelope = cms.ContentInfo.load(der(content))
        if envelope["content_type"].native != "signed_data":
            raise ProblemError("locked")
        inner = envelope["content"]["encap_content_info"]["content"].native
    except (ValueError, TypeError, KeyError) as error:
        raise ProblemError("damaged") from error
    if not inner:
        raise ProblemError("not_a_pdf")
    return bytes(inner)


def signers(content: bytes, signed: bytes) -> list[dict[str, Any]]:
    """Return who signed, as the signature says: nobody asks here whether the certificate holds.

    `whole` says whether the signed bytes are the ones that are there.
    """
    try:
        data = cms.ContentInfo.load(content)["content"]
        certificates = [one.chosen for one in data["certificates"] if one.name == "certificate"]
        return [_signer(one, certificates, signed) for one in data["signer_infos"]]
    except (ValueError, TypeError, KeyError, AttributeError):
        return [{"name": "", "organisation": "", "issuer": "", "at": "", "whole": False}]


def _signer(info: Any, certificates: list[Any], signed: bytes) -> dict[str, Any]:
    chosen = info["sid"].chosen
    serial = chosen["serial_number"].native if info["sid"].name != "subject_key_identifier" else 0
    mine = next((one for one in certificates if one.serial_number == serial), None)
    subject = mine.subject.native if mine else {}
    issuer = mine.issuer.native if mine else {}
    attributes = {one["type"].native: one["values"] for one in info["signed_attrs"] or []}
    at = attributes.get("signing_time")
    told = attributes.get("message_digest")
    name = info["digest_algorithm"]["algorithm"].native
    digest = hashlib.new(name, signed).digest() if name in hashlib.algorithms_available else b""
    return {
        "name": _word(subject.get("common_name")),
        "organisation": _word(subject.get("organization_name")),
        "issuer": _word(issuer.get("organization_name") or issuer.get("common_name")),
        "at": at[0].native.isoformat() if at is not None else "",
        "whole": told is not None and told[0].native == digest,
    }


def _word(value: Any) -> str:
    if isinstance(value, list):
        value = " ".join(map(str, value))
    return " ".join(str(value or "").split())[:150]


def image(content: bytes) -> dict[str, Any]:
    from PIL import Image, ImageFile  # noqa: PLC0415 - as above, for a PDF

    Image.MAX_IMAGE_PIXELS = None
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        picture = Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))
        # Told by the header, before a byte is unpacked.
        if picture.width * picture.height > MOST_PIXELS:
            raise ProblemError("too_many_pixels")
        if picture.format == "JPEG":
            # Read to its end, but drawn small.
            picture.draft("RGB", (picture.width // 8 + 1, picture.height // 8 + 1))
            picture.load()
        else:
            picture.verify()
            if b"IEND" not in content[-4096:]:
                raise ProblemError("damaged")
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError) as error:
        raise ProblemError("damaged") from error
    return {}


def office(content: bytes) -> dict[str, Any]:
    """Look at the list of contents of a Word or Excel file; nothing is unpacked."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise ProblemError("damaged") from error
    names = [entry.filename for entry in entries]
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > min(MOST_UNPACKED, MOST_TIMES * len(content)):
        raise ProblemError("bomb")
    if any(entry.flag_bits & 1 for entry in entries):
        raise ProblemError("locked")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise ProblemError("macros")
    if any(ARCHIVES.search(name) or "/embeddings/" in name.lower() for name in names):
        raise ProblemError("nested")
    return {}


KINDS = {"pdf": pdf, "p7m": p7m, "image": image, "office": office}


def answer_about(kind: str, content: bytes) -> dict[str, Any]:
    """Return what is wrong with a file of a kind ("" for nothing), what it does, who signed it."""
    answer: dict[str, Any] = {"problem": "", "active": [], "signatures": []}
    try:
        return answer | KINDS[kind](content)
    except ProblemError as problem:
        return answer | {"problem": str(problem)}
    except (MemoryError, RecursionError):
        return answer | {"problem": "bomb"}


def main() -> None:
    """Look, say what was found, end."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, WORK),
        (resource.RLIMIT_FSIZE, 0),
    ):
        # Not every system knows each of them; the parent's patience ends in any case.
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))
    warnings.simplefilter("ignore")
    sys.stdout.write(json.dumps(answer_about(sys.argv[1], sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
