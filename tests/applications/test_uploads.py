"""Letters on file: what is taken, what is refused and how it is told."""

import datetime as dt
import hashlib

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from applications.models import Commitment
from applications.services import add_commitment, remove_municipality
from applications.uploads import look_at, safe_name
from core.kit.errors import InvalidError
from tests.factories.applications import PDF, GroupApplicationFactory, MunicipalityFactory
from tests.factories.programme import MembershipFactory

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20


def upload(content=PDF, name="letter.pdf"):
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize(
    ("content", "content_type", "name"),
    [
        (PDF, "application/pdf", "letter.pdf"),
        (PNG, "image/png", "letter.png"),
        (JPEG, "image/jpeg", "letter.jpg"),
    ],
)
def test_kind_is_read_from_the_content(content, content_type, name):
    seen = look_at(upload(content, "letter.exe"))
    assert (seen.content_type, seen.name, seen.size) == (content_type, name, len(content))
    assert seen.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"<!DOCTYPE html><script>", "file_type"),
        (b"GIF89a", "file_type"),
        (b"PK\x03\x04", "file_type"),
        (b"\n%PDF-1.4 %%EOF", "file_type"),
        (b"%PDF-1.4 cut off", "file_damaged"),
        (b"%PDF-1.4 /Encrypt 1 0 R %%EOF", "file_locked"),
    ],
)
def test_other_files_are_refused(content, code):
    with pytest.raises(InvalidError) as refusal:
        look_at(upload(content))
    assert (refusal.value.code, refusal.value.field) == (code, "file")


def test_limit_is_exact_and_named(settings):
    settings.UPLOAD_MAX_BYTES = len(PDF)
    assert look_at(upload()).size == len(PDF)
    settings.UPLOAD_MAX_BYTES = len(PDF) - 1
    with pytest.raises(InvalidError) as refusal:
        look_at(upload())
    assert refusal.value.code == "file_too_large"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\x.pdf", "x.pdf"),
        ("a\0.pdf", "a.pdf"),
        ("x.pdf.exe", "x.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("", "letter.pdf"),
        ('"; filename=x.html', "filename=x.pdf"),
        ("a\r\nSet-Cookie: b.pdf", "a Set-Cookie b.pdf"),
        ("Izjava Župe 🏖.pdf", "Izjava Župe 🏖.pdf"),
        ("\u202egpj.exe", "gpj.pdf"),
        ("y" * 300 + ".pdf", "y" * 80 + ".pdf"),
    ],
)
def test_safe_name(typed, name):
    assert safe_name(typed, "pdf") == name


@pytest.fixture
def member(db):
    application = GroupApplicationFactory()
    person = MembershipFactory(organisation=application.organisation).user
    return MunicipalityFactory(application=application), person


def commit(member, **values):
    municipality, person = member
    return add_commitment(
        municipality=municipality,
        by=person,
        **{
            "upload": upload(),
            "signed_by_name": "Silvio",
            "signed_by_office": "Head",
            "signed_on": dt.date(2026, 3, 2),
            **values,
        },
    )


def test_commitment_lies_under_a_random_key(member):
    commitment = commit(member)
    assert commitment.file_name == "letter.pdf"
    assert len(commitment.file.name) == len("commitments/") + 32
    with default_storage.open(commitment.file.name) as stored:
        assert stored.read() == PDF


@pytest.mark.usefixtures("member")
def test_second_letter_replaces_the_first(member, django_capture_on_commit_callbacks):
    first = commit(member)
    with django_capture_on_commit_callbacks(execute=True):
        second = commit(member, upload=upload(PNG))
    assert Commitment.objects.get() == second
    assert not default_storage.exists(first.file.name)
    assert default_storage.exists(second.file.name)


def test_file_goes_with_its_municipality(member, django_capture_on_commit_callbacks):
    commitment = commit(member)
    with django_capture_on_commit_callbacks(execute=True):
        remove_municipality(municipality=member[0], by=member[1])
    assert not Commitment.objects.exists()
    assert not default_storage.exists(commitment.file.name)


def test_letter_of_tomorrow_is_refused(member):
    with pytest.raises(InvalidError) as refusal:
        commit(member, signed_on=timezone.localdate() + dt.timedelta(days=1))
    assert refusal.value.field == "signed_on"


def test_lead_needs_no_letter(member):
    lead = member[0].application.municipalities.get(is_lead=True)
    with pytest.raises(InvalidError) as refusal:
        commit((lead, member[1]))
    assert refusal.value.code == "lead_needs_none"


def test_no_file_stays_when_the_row_is_refused(member, settings, monkeypatch):
    def broken(**kwargs):
        raise RuntimeError

    monkeypatch.setattr(Commitment.objects, "create", broken)
    with pytest.raises(RuntimeError):
        commit(member)
    assert list((settings.MEDIA_ROOT / "commitments").iterdir()) == []
