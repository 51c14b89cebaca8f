"""Every permission has a row; who has it sees what it is about; desks reach what they see."""

import pytest
from django.contrib.auth.models import AnonymousUser
from rules.permissions import permissions

from applications.models import Application
from pairings.models import Pairing
from programme.organisations.models import Organisation
from tests.access.expect import ANONYMOUS, CITY, NEW_ROLE, ROLES
from tests.access.rights import RIGHTS
from tests.factories.applications import SubmittedApplicationFactory
from tests.factories.pairings import PairingFactory
from tests.factories.programme import PartnerOrganisationFactory

pytestmark = pytest.mark.django_db


# City people register their city wherever it lies.
ON_ANY = {"organisations.create_organisation": CITY}


def person(world, role):
    return AnonymousUser() if role == ANONYMOUS else world.people[role]


def test_every_permission_has_a_row():
    assert {right.permission for right in RIGHTS} == set(permissions)


@pytest.mark.parametrize("right", RIGHTS, ids=str)
def test_permission_of_each_role_and_what_it_sees(right, world):
    row = right.on(world) if right.on else None
    holders = {role for role in ROLES if person(world, role).has_perm(right.permission, row)}

    assert holders == set(right.roles.split())
    if right.seen:
        assert [r for r in sorted(holders) if not right.seen(person(world, r), row)] == []


@pytest.mark.parametrize("right", [right for right in RIGHTS if right.on], ids=str)
def test_permission_on_an_object_is_not_had_on_none(right, world):
    """Who forgets the object is refused, coordinators apart: they would have it on any."""
    holders = {role for role in ROLES if person(world, role).has_perm(right.permission)}
    assert holders - {"coordinator"} <= set(ON_ANY.get(right.permission, ()))


@pytest.mark.parametrize(
    ("permission", "row"),
    [
        ("applications.check_application", SubmittedApplicationFactory),
        ("pairings.move_milestone", PairingFactory),
        ("pairings.complete_milestone", PairingFactory),
        ("organisations.invite_first_lead", PartnerOrganisationFactory),
    ],
)
@pytest.mark.parametrize("role", ["coordinator", "desk", "desk_other", "desk_none"])
def test_what_a_desk_sees_it_acts_on_and_nothing_else(permission, row, role, world):
    row = row()
    user = world.people[role]
    sees = type(row).objects.visible_to(user).filter(pk=row.pk).exists()
    assert user.has_perm(permission, row) is sees


@pytest.mark.parametrize("model", [Application, Organisation, Pairing])
def test_new_role_reaches_and_sees_nothing(model, world):
    SubmittedApplicationFactory(organisation=world.home)
    PairingFactory(organisations=[world.home, world.partner])
    auditor = world.people[NEW_ROLE]
    assert not model.objects.reached_by(auditor)
    assert not model.objects.visible_to(auditor)


def test_new_role_has_no_permission_at_all(world):
    auditor = world.people[NEW_ROLE]
    assert [name for name in permissions if auditor.has_perm(name)] == []


def test_what_rules_name_no_table_of_django_grants(world):
    """A row of Django's own permissions, once given, would pass by all rules."""
    from django.contrib.auth.models import Permission
    from django.contrib.contenttypes.models import ContentType

    viewer = type(world.people["viewer"]).objects.get(pk=world.people["viewer"].pk)
    kind = ContentType.objects.get_for_model(Pairing)
    viewer.user_permissions.add(
        Permission.objects.create(content_type=kind, codename="cancel_pairing", name="Cancel")
    )
    assert not viewer.has_perm("pairings.cancel_pairing", PairingFactory())
    assert not viewer.has_perm("pairings.cancel_pairing")
