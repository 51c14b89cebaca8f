"""The address of a file, kept and tried again: after sign-out, after leaving, after withdrawal.

Who may open it in the first place stands in the access table, from which these take it.
"""

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from applications.services import withdraw_application
from programme.organisations.models import Membership
from tests.access.expect import ANONYMOUS, HIDDEN, OPEN, ROLES, SIGN_IN, SIGNED_IN
from tests.access.table import TABLE
from tests.access.test_access import outcome
from tests.factories.applications import (
    ApplicationDocumentFactory,
    ApplicationFactory,
    CommitmentFactory,
    MunicipalityFactory,
    StakeholderFactory,
    SupportLetterFactory,
)

pytestmark = pytest.mark.django_db

COOKIE = settings.SESSION_COOKIE_NAME
CITY = ("lead", "editor", "viewer")


def is_file(answer):
    return answer.headers.get("Content-Disposition", "").startswith("attachment")


# Each address is asked on both databases in test_access.py.
@pytest.mark.once
@pytest.mark.usefixtures("undrawn")
def test_address_of_a_file_is_worth_nothing_once_the_session_is_over(world, clients):
    files, faults = set(), []
    for row in TABLE:
        role = next((role for role in SIGNED_IN if row.GET[role] == OPEN), None)
        if role is None or row.GET[ANONYMOUS] == OPEN:
            continue
        client = clients[role]
        session = client.cookies[COOKIE].value
        with transaction.atomic():
            address = row.address(world)
            first = client.get(address)
            if is_file(first):
                files.add(row.name)
                client.post(reverse("account_logout"))
                # Who copied the cookie has nothing more than who copied the address.
                client.cookies[COOKIE] = session
                again = client.get(address)
                if "no-store" not in first.headers.get("Cache-Control", ""):
                    faults.append(f"{row}: a browser may keep it")
                if is_file(again) or outcome(again) not in {SIGN_IN, HIDDEN}:
                    faults.append(f"{row}: {outcome(again)} after sign-out")
            transaction.set_rollback(True)
        client.cookies[COOKIE] = session
    assert faults == []
    assert {"applications:document_file", "applications:paper"} <= files


@pytest.fixture
def draft(world):
    return ApplicationFactory(organisation=world.home)


@pytest.fixture
def addresses(draft):
    """Where the files of a draft lie: a document, the letter of a member and of a supporter."""
    document = ApplicationDocumentFactory(application=draft)
    member, supporter = (
        MunicipalityFactory(application=draft),
        StakeholderFactory(application=draft),
    )
    CommitmentFactory(municipality=member)
    SupportLetterFactory(stakeholder=supporter)
    places = {
        "document_file": document.asked.key,
        "commitment_file": member.pk,
        "letter_file": supporter.pk,
    }
    return [reverse(f"applications:{name}", args=[draft.key, at]) for name, at in places.items()]


def test_files_of_a_draft_that_was_withdrawn_are_its_citys_alone(world, clients, draft, addresses):
    withdraw_application(application=draft, by=world.people["lead"])
    for address in addresses:
        opened = {role for role in ROLES if is_file(clients[role].get(address))}
        assert opened == set(CITY), address
        others = {outcome(clients[role].get(address)) for role in ROLES if role not in CITY}
        assert others == {HIDDEN, SIGN_IN}


def test_who_left_the_city_opens_none_of_its_files(world, clients, addresses):
    client = clients["editor"]
    assert all(is_file(client.get(address)) for address in addresses)
    Membership.objects.filter(user=world.people["editor"]).delete()
    assert {outcome(client.get(address)) for address in addresses} == {HIDDEN}
