"""Files: what is taken, what is refused and how it is told, and what becomes of them."""

import datetime as dt
import hashlib
import re

import pikepdf
import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from core.files import services
from core.files.kinds import CSV, PDF, SIGNED_PAPERS, XLSX, safe_name
from core.files.models import StoredFile
from core.files.selectors import held_file, unowned_files
from core.files.services import atomic_with_files, hold_file, remove_file, store_file, sweep_files
from core.files.serving import serve, serve_bytes
from core.kit.errors import InvalidError
from tests.factories.accounts import UserFactory
from tests.factories.applications import CommitmentFactory
from tests.factories.files import JPEG, PNG, StoredFileFactory, pdf
from tests.factories.files import PDF as PDF_BYTES

pytestmark = pytest.mark.django_db


def titled(words):
    def change(document):
        document.docinfo["/Title"] = words

    return change


def opens_at_its_first_page(document):
    document.Root.OpenAction = pikepdf.Array([document.pages[0].obj, pikepdf.Name.Fit])


def upload(content=PDF_BYTES, name="letter.pdf"):
    return ContentFile(content, name=name)


def store(content=PDF_BYTES, name="letter.pdf", **options):
    options = {"by": None, "kinds": SIGNED_PAPERS, **options}
    return store_file(upload=upload(content, name), **options)


def on_disk():
    folders = default_storage.listdir("files")[0] if default_storage.exists("files") else []
    return [name for folder in folders for name in default_storage.listdir(f"files/{folder}")[1]]


# The way in -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "kind", "name"),
    [
        (PDF_BYTES, "application/pdf", "letter.pdf"),
        (PNG, "image/png", "letter.png"),
        (JPEG, "image/jpeg", "letter.jpg"),
    ],
)
def test_kind_is_read_from_the_content(content, kind, name):
    person = UserFactory()
    stored = store(content, "letter.exe", by=person)
    assert (stored.kind, stored.name, stored.size) == (kind, name, len(content))
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert stored.by == person
    with default_storage.open(stored.path) as file:
        assert file.read() == content


def test_file_lies_under_a_random_name():
    first, second = store(), store()
    assert first.key != second.key
    assert sorted(on_disk()) == sorted([first.key, second.key])
    assert (default_storage.path(first.path)).endswith(f"/files/{first.key[:2]}/{first.key}")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"<!DOCTYPE html><script>", "file_type"),
        (b"<!DOCTYPE html>%PDF-1.4 %%EOF", "file_type"),
        (b"GIF89a", "file_type"),
        (b"PK\x03\x04", "file_type"),
        (b"%PDF-1.4 cut off", "file_damaged"),
        (PDF_BYTES[:-200], "file_damaged"),
        (PDF_BYTES + b"2 0 obj << >> endobj cut off", "file_damaged"),
        (pdf(encryption=pikepdf.Encryption(user="secret", owner="x")), "file_locked"),
        (PNG[:-20], "file_damaged"),
        (JPEG[:-60], "file_damaged"),
    ],
)
def test_other_files_are_refused(content, code):
    with pytest.raises(InvalidError) as refusal:
        store(content)
    assert (refusal.value.code, refusal.value.field) == (code, "file")
    assert not StoredFile.objects.exists()
    assert on_disk() == []


@pytest.mark.parametrize(
    "content",
    [
        b"\r\n" + PDF_BYTES,
        b"\xef\xbb\xbf" + PDF_BYTES,
        b"\x1b%-12345X@PJL\r\n" + PDF_BYTES,
        PDF_BYTES + b"\0" * 5000,
        PDF_BYTES + b"-- Scanned by the mail gateway --",
        pdf(titled("How to /Encrypt 5 0 R a letter")),
        pdf(titled("A (nested /Encrypt 5 0 R) one")),
        pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate, linearize=True),
        # Anybody opens it; only changing it asks for a password.
        pdf(encryption=pikepdf.Encryption(user="", owner="x")),
        pdf(opens_at_its_first_page),
        # As some programmes count: no table where it is said to be.
        re.sub(rb"startxref\n\d+", b"startxref\n7", PDF_BYTES),
    ],
)
def test_odd_but_whole_pdf_is_taken(content):
    assert store(content).kind == "application/pdf"


@pytest.mark.parametrize(
    "hostile", [b"(" * 2_000_000, b">>\nstream\n" * 200_000, b"/Encrypt " * 200_000]
)
def test_hostile_pdf_costs_little(hostile):
    # The time limit of the suite is the test.
    with pytest.raises(InvalidError):
        store(b"%PDF-1.4 /Encrypt 1 0 R " + hostile + b" %%EOF")


def test_limit_is_exact_and_named(settings):
    settings.UPLOAD_MAX_BYTES = len(PDF_BYTES)
    assert store().size == len(PDF_BYTES)
    with pytest.raises(InvalidError) as refusal:
        store(limit=len(PDF_BYTES) - 1)
    assert refusal.value.code == "file_too_large"


def test_refusal_names_what_is_taken():
    with pytest.raises(InvalidError, match="not a PDF, PNG, JPEG or P7M file. Save it as PDF"):
        store(b"GIF89a")
    with pytest.raises(InvalidError, match="not a XLSX or CSV file"):
        store(kinds=(XLSX, CSV))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\x.pdf", "x.pdf"),
        ("a\0.pdf", "a.pdf"),
        ("x.pdf.exe", "x.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("", "file.pdf"),
        ("CON", "_CON.pdf"),
        ("lpt1.pdf", "_lpt1.pdf"),
        ("Console.pdf", "Console.pdf"),
        ('"; filename=x.html', "filename=x.pdf"),
        ("a\r\nSet-Cookie: b.pdf", "a Set-Cookie b.pdf"),
        ("Izjava Župe 🏖.pdf", "Izjava Župe 🏖.pdf"),
        ("\u202egpj.exe", "gpj.pdf"),
        ("y" * 300 + ".pdf", "y" * 80 + ".pdf"),
    ],
)
def test_safe_name(typed, name):
    assert safe_name(typed, "pdf") == name


# With the transaction ---------------------------------------------------------------
def test_file_goes_with_the_change_that_fails():
    @atomic_with_files()
    def change():
        store()
        assert len(on_disk()) == 1
        raise RuntimeError

    with pytest.raises(RuntimeError):
        change()
    assert on_disk() == []
    assert not StoredFile.objects.exists()


def test_file_goes_with_an_outer_change_that_fails():
    @atomic_with_files()
    def outer():
        with atomic_with_files():
            store()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        outer()
    assert on_disk() == []


def test_file_stays_when_an_inner_change_fails():
    @atomic_with_files()
    def inner():
        store()
        raise RuntimeError

    with atomic_with_files():
        kept = store()
        with pytest.raises(RuntimeError):
            inner()
    assert on_disk() == [kept.key]


def test_disk_that_fails_halfway_leaves_nothing(monkeypatch):
    def breaks(_file):
        yield b"half"
        raise OSError

    monkeypatch.setattr(ContentFile, "chunks", breaks)
    with pytest.raises(InvalidError) as refusal:
        store()
    assert refusal.value.code == "file_not_kept"
    assert on_disk() == []


def test_removed_file_goes_once_the_change_holds(django_capture_on_commit_callbacks):
    stored = store()
    with django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            remove_file(stored)
        assert on_disk() == [stored.key]
    assert on_disk() == []
    assert not StoredFile.objects.exists()


def test_file_that_cannot_be_removed_is_left_for_the_sweep(
    monkeypatch, caplog, django_capture_on_commit_callbacks
):
    stored = store()

    def away(_path):
        raise OSError

    monkeypatch.setattr(services.default_storage, "delete", away)
    with django_capture_on_commit_callbacks(execute=True):
        remove_file(stored)
    assert "could not be removed" in caplog.text


# Held and swept ---------------------------------------------------------------------
def test_file_is_held_for_its_writer_alone():
    person = UserFactory()
    held = hold_file(upload=upload(), by=person, kinds=SIGNED_PAPERS)
    assert held_file(key=held.key, by=person) == held
    assert held_file(key=held.key, by=UserFactory()) is None
    assert held_file(key="", by=person) is None
    assert held_file(key="\0" * 32, by=person) is None


def test_file_that_belongs_to_a_row_is_held_no_more():
    owned = CommitmentFactory(file__by=UserFactory()).file
    assert held_file(key=owned.key, by=owned.by) is None
    assert not unowned_files().exists()


def test_held_files_of_one_person_make_room(django_capture_on_commit_callbacks):
    person, other = UserFactory(), UserFactory()
    theirs = hold_file(upload=upload(), by=other, kinds=SIGNED_PAPERS)
    owned = CommitmentFactory(file__by=person).file
    with django_capture_on_commit_callbacks(execute=True):
        held = [hold_file(upload=upload(), by=person, kinds=SIGNED_PAPERS) for _ in range(7)]
    left = set(StoredFile.objects.all())
    assert left == {theirs, owned, *held[2:]}
    assert sorted(on_disk()) == sorted(each.key for each in left)


def test_sweep_removes_what_nothing_belongs_to(django_capture_on_commit_callbacks):
    owned = CommitmentFactory().file
    store()
    default_storage.save("files/ab/abandoned", ContentFile(b"half"))
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep_files() == 0
    later = timezone.now() + dt.timedelta(days=1, minutes=1)
    with time_machine.travel(later), django_capture_on_commit_callbacks(execute=True):
        assert sweep_files() == 2
    assert list(StoredFile.objects.all()) == [owned]
    assert on_disk() == [owned.key]


def test_file_that_was_swept_before_its_row_came_is_asked_for_again():
    held = hold_file(upload=upload(), by=UserFactory(), kinds=SIGNED_PAPERS)
    StoredFile.objects.all().delete()

    with pytest.raises(InvalidError) as refusal:
        store_file(upload=held, by=held.by, kinds=SIGNED_PAPERS)

    assert (refusal.value.code, refusal.value.field) == ("file_gone", "file")


def test_sweep_leaves_a_file_that_a_row_has_taken_meanwhile(monkeypatch):
    owned = CommitmentFactory().file
    later = timezone.now() + dt.timedelta(days=1, minutes=1)
    monkeypatch.setattr(services, "in_chunks", lambda _files: [owned])

    with time_machine.travel(later):
        assert sweep_files() == 0

    assert on_disk() == [owned.key]


def test_sweep_of_an_empty_storage():
    assert sweep_files() == 0


# The way out ------------------------------------------------------------------------
def test_file_is_handed_over_to_be_kept():
    response = serve(StoredFileFactory(name="Pismo “namjere”.pdf"))
    assert b"".join(response.streaming_content) == PDF_BYTES
    response.close()
    assert dict(response.headers) == {
        "Content-Type": "application/pdf",
        "Content-Length": str(len(PDF_BYTES)),
        "Content-Disposition": "attachment; filename*=utf-8''Pismo%20%E2%80%9Cnamjere%E2%80%9D.pdf",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
    }


def test_what_was_made_just_now_goes_out_the_same_way():
    response = serve_bytes(b"%PDF", name='a"b.pdf', kind=PDF)
    assert response.content == b"%PDF"
    assert response["Content-Disposition"] == 'attachment; filename="a\\"b.pdf"'
    assert response["Content-Security-Policy"].startswith("sandbox")
