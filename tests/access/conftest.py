"""The world and a signed-in client for each role, made once."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.template.base import Template
from django.test import Client
from django.utils.safestring import SafeString

from tests.access.expect import ANONYMOUS, ROLES
from tests.access.world import World, build_world


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker) -> Iterator[World]:
    """Build the world inside a transaction that never ends well."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no template: thousands of answers are asked for their status alone."""
    monkeypatch.setattr(Template, "render", lambda *_: SafeString(""))


@pytest.fixture(scope="module")
def clients(world: World) -> dict[str, Client]:
    """Return a client for each role, signed in once."""
    clients = {}
    for role in ROLES:
        clients[role] = Client(raise_request_exception=False)
        if role != ANONYMOUS:
            clients[role].force_login(world.people[role], backend="accounts.backends.PersonBackend")
    return clients
