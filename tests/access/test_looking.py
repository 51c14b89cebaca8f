"""Whoever looks as a role gets at each address what the role gets; nothing more, nothing less."""

import datetime as dt

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.looking import Looking, keep_looking
from accounts.states import StaffRole
from tests.access.expect import CLOSED, FORBIDDEN, HIDDEN, OPEN
from tests.access.table import TABLE
from tests.access.test_access import outcome

# What it asks has the same answer on any database, and takes its time.
pytestmark = [pytest.mark.django_db, pytest.mark.once]

STOP = "Press “Stop”"
# As whom one looks, and who of the world has the same role and remit, and nothing of their own.
LIKE = {
    "desk": (StaffRole.REGIONAL_DESK, {"IN": "India"}),
    "desk_other": (StaffRole.REGIONAL_DESK, {"JP": "Japan"}),
    "assessor_other": (StaffRole.ASSESSOR, {}),
    "observer": (StaffRole.OBSERVER, {}),
}
# One looks as a role, never as a person: what somebody of it wrote stays theirs.
OWN = {("casework:note", "of the desk", "desk")}


@pytest.fixture(scope="module")
def looking(world):
    """A client of the coordinator for each."""
    found = {}
    until = timezone.now() + dt.timedelta(hours=1)
    for like, (role, countries) in LIKE.items():
        client = Client(raise_request_exception=False)
        client.force_login(world.people["coordinator"], "accounts.backends.PersonBackend")
        session = client.session
        keep_looking(session, Looking(role, until, countries))
        session.save()
        found[like] = client
    return found


def got(client, url):
    with transaction.atomic():
        answer = client.get(url)
        transaction.set_rollback(True)
    if answer.status_code == 403 and STOP in answer.content.decode():
        return STOP
    return outcome(answer)


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_role_is_seen_as_it_sees(row, world, looking):
    url = row.address(world)
    wrong = []
    for like, client in looking.items():
        expected = FORBIDDEN if (row.name, row.note, like) in OWN else row.GET[like]
        found = got(client, url)
        if found == STOP or (expected == CLOSED and found in {CLOSED, FORBIDDEN, HIDDEN}):
            continue
        if found != expected:
            wrong.append(f"{like}: {found}, the role gets {expected}")
    assert wrong == []


# All that somebody may send, but for the way back.
SENT = [row for row in TABLE if OPEN in row.POST.values() and row.name != "colleagues:stop_looking"]


@pytest.mark.parametrize("row", SENT, ids=str)
def test_nothing_is_sent_by_who_looks(row, world, looking):
    url = row.address(world)
    for client in looking.values():
        with transaction.atomic():
            answer = client.post(url, row.data(world))
            transaction.set_rollback(True)
        assert answer.status_code == 403
        assert STOP in answer.content.decode()
