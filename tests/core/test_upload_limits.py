"""How much one person, and one application, may send."""

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.utils import timezone

from core.files import services
from core.files.kinds import SIGNED_PAPERS
from core.files.models import StoredFile
from core.files.services import PACE, hold_file
from core.kit.errors import InvalidError
from tests.applications.test_commitments import commit, member  # noqa: F401 - a fixture
from tests.factories.accounts import UserFactory
from tests.factories.applications import CommitmentFactory
from tests.factories.files import PDF

pytestmark = pytest.mark.django_db


def send(person):
    return hold_file(upload=ContentFile(PDF, name="a.pdf"), by=person, kinds=SIGNED_PAPERS)


def test_nobody_sends_more_files_than_anybody_needs(monkeypatch):
    monkeypatch.setattr(services, "MOST_IN_PACE", 2)
    person = UserFactory()
    for _one in range(2):
        send(person)
    with pytest.raises(InvalidError) as error:
        send(person)
    assert error.value.code == "too_many_files"
    # Others are not slowed down, and an hour later nobody is.
    send(UserFactory())
    with time_machine.travel(timezone.now() + PACE):
        send(person)


def test_nobody_sends_more_bytes_than_anybody_needs(monkeypatch):
    monkeypatch.setattr(services, "MOST_BYTES_IN_PACE", len(PDF) + 1)
    person = UserFactory()
    send(person)
    with pytest.raises(InvalidError) as error:
        send(person)
    assert error.value.code == "too_many_files"


def test_files_of_an_application_have_a_limit_together(member, settings):  # noqa: F811
    municipality, person = member
    CommitmentFactory(municipality__application=municipality.application)
    settings.APPLICATION_MAX_BYTES = 2 * len(PDF) - 1
    with pytest.raises(InvalidError) as error:
        commit((municipality, person))
    assert error.value.code == "quota"
    assert StoredFile.objects.count() == 1
    settings.APPLICATION_MAX_BYTES = 2 * len(PDF)
    commit((municipality, person))
    # A second letter of the same municipality takes the place of the first.
    commit((municipality, person))
