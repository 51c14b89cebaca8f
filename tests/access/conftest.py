"""The world and a signed-in client for each role, made once."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client

from tests.access.expect import ANONYMOUS, ROLES
from tests.access.world import World, build_world


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker) -> Iterator[World]:
    """Build the world inside a transaction that never ends well."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def clients(world: World) -> dict[str, Client]:
    """Return a client for each role, signed in once."""
    clients = {}
    for role in ROLES:
        clients[role] = Client(raise_request_exception=False)
        if role != ANONYMOUS:
            clients[role].force_login(
                world.people[role], backend="django.contrib.auth.backends.ModelBackend"
            )
    return clients
