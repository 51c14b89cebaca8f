from functools import partial

import pytest
from django.contrib.auth.models import AnonymousUser

from tests.factories.accounts import (
    AssessorFactory,
    CoordinatorFactory,
    DeskFactory,
    ObserverFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

FACTORIES = {
    "coordinator": CoordinatorFactory,
    "desk": DeskFactory,
    "assessor": AssessorFactory,
    "observer": ObserverFactory,
    "auditor": partial(UserFactory, staff_role="auditor"),
    "city": UserFactory,
}
ALLOWED = {
    "accounts.enter_console": {"coordinator", "desk", "assessor", "observer"},
    "accounts.manage_people": {"coordinator"},
    "trail.view_audit": {"coordinator", "observer"},
    "organisations.register_organisations": {"coordinator", "city"},
    "organisations.list_organisations": {"coordinator", "desk", "observer"},
    "organisations.set_capacity": {"coordinator"},
    "calls.edit_calls": {"coordinator"},
    "calls.view_calls": {"coordinator", "desk", "observer"},
}


@pytest.mark.parametrize("permission", ALLOWED)
@pytest.mark.parametrize("role", FACTORIES)
def test_permission_of_role(permission, role):
    person = FACTORIES[role]()
    assert person.has_perm(permission) is (role in ALLOWED[permission])


@pytest.mark.parametrize("permission", ALLOWED)
def test_nobody_has_no_permission(permission):
    assert not AnonymousUser().has_perm(permission)


@pytest.mark.parametrize("role", FACTORIES)
def test_closed_account_has_no_permission(role):
    person = FACTORIES[role](is_active=False)
    assert not any(person.has_perm(permission) for permission in ALLOWED)
