"""What staff write among themselves reaches nobody else, on no page and in no file.

The pages come from the access table: each that opens to a city, to an assessor or to anybody is
read with an owner, a tag and notes on every application there is.
"""

from io import BytesIO

import pytest
from django.db import transaction
from pypdf import PdfReader

from applications.models import Application
from tests.access.expect import ANONYMOUS, CITY, OPEN
from tests.access.table import TABLE
from tests.factories.accounts import CoordinatorFactory
from tests.factories.casework import (
    CaseOwnerFactory,
    MentionFactory,
    NoteFactory,
    SeenFactory,
    TaggingFactory,
)

# What it asks has the same answer on any database, and takes its time.
pytestmark = [pytest.mark.django_db, pytest.mark.once]

WORDS, TAG, OWNER = "Innermost", "Inwardly", "Insider"
OUTSIDE = (ANONYMOUS, *CITY, "assessor")
ROWS = [row for row in TABLE if any(row.GET[role] == OPEN for role in OUTSIDE)]
# The sheet of components shows nothing of any application.
NOT_ASKED = {"portal:components"}


def work_on(application, owner):
    CaseOwnerFactory(application=application, owner=owner)
    TaggingFactory(application=application, tag__name=f"{TAG} {application.pk}")
    note = NoteFactory(application=application, by=owner, words=WORDS)
    MentionFactory(note=note, person=owner)
    SeenFactory(application=application, person=owner)


def words_of(response):
    """Return all that an answer says, a paper included."""
    parts = response.streaming_content if response.streaming else [response.content]
    content = b"".join(parts)
    if response.get("Content-Type", "").startswith("application/pdf"):
        reader = PdfReader(BytesIO(content))
        return " ".join(page.extract_text() for page in reader.pages) + str(reader.metadata)
    return content.decode("utf-8", "replace") + str(response.headers)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_nothing_of_casework_reaches_a_city_or_an_assessor(row, world, clients):
    with transaction.atomic():
        address = row.address(world)
        owner = CoordinatorFactory(full_name=OWNER)
        for application in Application.objects.all():
            work_on(application, owner)
        said = {
            role: words_of(clients[role].get(address))
            for role in OUTSIDE
            if row.GET[role] == OPEN and row.name not in NOT_ASKED
        }
        transaction.set_rollback(True)
    leaks = [
        (role, secret)
        for role, words in said.items()
        for secret in (WORDS, TAG, OWNER)
        if secret in words
    ]
    assert leaks == []
