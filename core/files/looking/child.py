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
import signal
import sys
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
# Seconds of the processor for the signatures of a PDF.
PATIENCE = 8
# One around the other, each with its signers.
MOST_ENVELOPES = 3
# How PKCS #7 with signed data begins, as bytes (its name) and as text without a frame.
SIGNED_DATA = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
TEXT = b"MI"
UNREADABLE = {"name": "", "organisation": "", "issuer": "", "at": "", "state": "unreadable"}
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
    is_signed = False
    for thing in _dictionaries(pikepdf, document):
        active |= _active(thing)
        is_signed |= "/ByteRange" in thing and "/Contents" in thing
    return {"active": sorted(active), "signatures": _signatures(content) if is_signed else []}


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


def _signatures(content: bytes) -> list[dict[str, Any]]:
    """Return who signed a PDF, the first one first; a stamp of the time is nobody's signature.

    A signature that nobody can read is told as such: the letter around it may be read all the same.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 - few files are signed

    try:
        with _limited():
            reader = PdfFileReader(io.BytesIO(content), strict=False)
            if reader.encrypted:
                # It opens without a password: only what may be done with it is limited.
                reader.decrypt("")
            found = reader.embedded_regular_signatures
            if not found and reader.embedded_signatures:
                return []
            return [_embedded(one, content) for one in found] or [UNREADABLE]
    except Exception:  # noqa: BLE001 - a stranger's file breaks it in many ways, each the same
        return [UNREADABLE]


@contextmanager
def _limited() -> Iterator[None]:
    """Give up on what takes too long, while there is still time to answer."""

    def stop(*_signal: object) -> None:
        raise TimeoutError

    former = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, former)


def _embedded(one: Any, content: bytes) -> dict[str, Any]:
    """Return who made a signature of a PDF, and what was done to the file after it."""
    from pyhanko.sign.diff_analysis import ModificationLevel  # noqa: PLC0415 - as above
    from pyhanko.sign.validation import SignatureCoverageLevel as Coverage  # noqa: PLC0415

    one.compute_integrity_info()
    told = _signer(one.signed_data, one.signer_info, one.compute_digest())
    start, length = [int(number) for number in one.byte_range][2:]
    rest = content[start + length :].strip(b"\0\r\n\t ")
    if told["state"] != "whole" or (one.coverage >= Coverage.ENTIRE_REVISION and not rest):
        return told
    # Keeping a signature readable for long adds to the file; that changes nothing in it.
    states: dict[Any, str] = {
        ModificationLevel.LTA_UPDATES: "whole",
        ModificationLevel.FORM_FILLING: "added",
    }
    is_whole = one.coverage >= Coverage.ENTIRE_REVISION
    later = getattr(one.diff_result, "modification_level", None) if is_whole else None
    return {**told, "state": states.get(later, "changed")}


def p7m(content: bytes) -> dict[str, Any]:
    """Look at the PDF inside a signed envelope."""
    signatures: list[dict[str, Any]] = []
    for envelope, held in envelopes(content):
        # Who signed the inner one signed first.
        signatures = _signers(envelope, held) + signatures
        content = held
    if not content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"%PDF-"):
        raise ProblemError("not_a_pdf")
    found = pdf(content)
    return {**found, "signatures": found["signatures"] + signatures}


def der(content: bytes) -> bytes:
    """Return an envelope as its bytes: some are written as text, with or without a frame."""
    if content[:1] == b"\x30":
        return content
    lines = re.sub(rb"-----[A-Z0-9 ]+-----", b"", content)
    try:
        return base64.b64decode(b"".join(lines.split()), validate=True)
    except ValueError as error:
        raise ProblemError("damaged") from error


def inside(content: bytes) -> bytes:
    """Return what a signed envelope holds, be it in another envelope."""
    for _envelope, held in envelopes(content):
        content = held
    return content


def envelopes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Return the envelopes around a file, the outer one first, each with what it holds."""
    for _depth in range(MOST_ENVELOPES):
        try:
            envelope = der(content)
            data = cms.ContentInfo.load(envelope)
            if data["content_type"].native != "signed_data":
                raise ProblemError("locked")
            held = data["content"]["encap_content_info"]["content"].native
        except (ValueError, TypeError, KeyError) as error:
            raise ProblemError("damaged") from error
        if not held:
            raise ProblemError("not_a_pdf")
        content = bytes(held)
        yield envelope, content
        if not is_signed_data(content):
            return
    raise ProblemError("nested")


def is_signed_data(head: bytes) -> bool:
    """Tell whether this is how signed data begins, as bytes or as text."""
    if head.startswith((b"-----BEGIN PKCS7", b"-----BEGIN CMS")):
        return True
    if head.startswith(TEXT):
        with suppress(ValueError):
            head = base64.b64decode(b"".join(head[:200].split())[:64])
    return head[:1] == b"\x30" and SIGNED_DATA in head[:64]


def _signers(envelope: bytes, held: bytes) -> list[dict[str, Any]]:
    """Return who signed an envelope: several people can, side by side."""
    try:
        data = cms.ContentInfo.load(envelope)["content"]
        return [_signer(data, info, _digest(info, held)) for info in data["signer_infos"]]
    except Exception:  # noqa: BLE001 - as for a PDF
        return [UNREADABLE]


def _digest(info: Any, held: bytes) -> bytes:
    return hashlib.new(info["digest_algorithm"]["algorithm"].native, held).digest()


def _signer(data: Any, info: Any, digest: bytes) -> dict[str, Any]:
    """Return who signed, as the signature says: nobody asks whose certificate it is.

    `state` is "whole" when the bytes of this digest were signed with the key of the certificate,
    "changed" when others were, "forged" when another key or none was used.
    """
    from pyhanko.sign.general import extract_certificate_info  # noqa: PLC0415 - as above
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity  # noqa: PLC0415

    alone = data.copy()
    alone["signer_infos"] = [info]
    mine = extract_certificate_info(alone).signer_cert
    is_intact, is_theirs = validate_sig_integrity(
        info, mine, data["encap_content_info"]["content_type"].native, digest
    )
    attributes = {one["type"].native: one["values"] for one in info["signed_attrs"] or []}
    at = attributes.get("signing_time")
    subject, issuer = mine.subject.native, mine.issuer.native
    state = "whole" if is_intact else "changed"
    return {
        "name": _word(subject.get("common_name")),
        "organisation": _word(subject.get("organization_name")),
        "issuer": _word(issuer.get("organization_name") or issuer.get("common_name")),
        "at": at[0].native.isoformat() if at is not None else "",
        "state": state if is_theirs else "forged",
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
