"""Letters on file: how they come, replace each other and go."""

import datetime as dt

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from applications.models import Commitment
from applications.services import add_commitment, remove_municipality
from core.files.models import StoredFile
from core.kit.errors import InvalidError
from tests.factories.applications import GroupApplicationFactory, MunicipalityFactory
from tests.factories.files import PDF, PNG, StoredFileFactory
from tests.factories.programme import MembershipFactory


def upload(content=PDF, name="letter.pdf"):
    return SimpleUploadedFile(name, content)


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


def test_commitment_keeps_who_sent_which_file(member):
    file = commit(member).file
    assert (file.name, file.kind, file.by) == ("letter.pdf", "application/pdf", member[1])
    with default_storage.open(file.path) as stored:
        assert stored.read() == PDF


def test_file_that_a_form_holds_is_taken_as_it_is(member):
    held = StoredFileFactory(by=member[1])
    assert commit(member, upload=held).file == held
    assert StoredFile.objects.count() == 1


def test_form_sent_twice_at_once_keeps_its_file(member, django_capture_on_commit_callbacks):
    held = StoredFileFactory(by=member[1])
    commit(member, upload=held)
    with django_capture_on_commit_callbacks(execute=True):
        second = commit(member, upload=held, signed_by_office="Mayor")
    assert Commitment.objects.get() == second
    assert StoredFile.objects.get() == held
    assert default_storage.exists(held.path)


@pytest.mark.usefixtures("member")
def test_second_letter_replaces_the_first(member, django_capture_on_commit_callbacks):
    first = commit(member)
    with django_capture_on_commit_callbacks(execute=True):
        second = commit(member, upload=upload(PNG))
    assert Commitment.objects.get() == second
    assert StoredFile.objects.get() == second.file
    assert not default_storage.exists(first.file.path)
    assert default_storage.exists(second.file.path)


def test_file_goes_with_its_municipality(member, django_capture_on_commit_callbacks):
    commitment = commit(member)
    with django_capture_on_commit_callbacks(execute=True):
        remove_municipality(municipality=member[0], by=member[1])
    assert not Commitment.objects.exists()
    assert not StoredFile.objects.exists()
    assert not default_storage.exists(commitment.file.path)


@time_machine.travel(dt.datetime(2026, 12, 10, 22, 30, tzinfo=dt.UTC), tick=False)
def test_letter_of_today_where_the_city_lies_is_taken(member):
    organisation = member[0].application.organisation
    organisation.time_zone = "Asia/Tokyo"
    organisation.save()
    assert commit(member, signed_on=dt.date(2026, 12, 11)).signed_on == dt.date(2026, 12, 11)


def test_letter_of_a_day_that_has_not_begun_anywhere_is_refused(member):
    with pytest.raises(InvalidError) as refusal:
        commit(member, signed_on=timezone.localdate() + dt.timedelta(days=2))
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
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []
    assert not StoredFile.objects.exists()
