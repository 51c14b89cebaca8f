"""The menus: every entry opens for those who see it."""

import pytest
from django.test import RequestFactory

from accounts.states import StaffRole
from iuc_portal.navigation import MENUS, sections
from tests.factories.accounts import UserFactory

ROLES = [role for role in StaffRole.values if role]


def items(area, user, path="/", **options):
    request = RequestFactory().get(path)
    request.user = user
    return [
        item for section in sections(area, request=request, **options) for item in section.items
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_console_menu_shows_only_what_the_role_may_open(sign_in, settings, role):
    settings.DEMO = True
    person = UserFactory(staff_role=role)
    client = sign_in(person)
    answers = {item.url: client.get(item.url).status_code for item in items("staff", person)}
    assert answers
    assert set(answers.values()) == {200}


@pytest.mark.django_db
@pytest.mark.parametrize("area", ["public", "city"])
def test_menu_opens_for_a_city(sign_in, area):
    person = UserFactory()
    client = sign_in(person)
    answers = [client.get(item.url).status_code for item in items(area, person)]
    assert answers == [200] * len(answers)


@pytest.mark.parametrize("area", MENUS)
def test_every_entry_has_an_address(area):
    written = [entry.label for _label, entries in MENUS[area] for entry in entries]
    coordinator = UserFactory.build(staff_role=StaffRole.COORDINATOR)
    assert [item.label for item in items(area, coordinator)] == written


def test_city_sees_nothing_of_the_console():
    assert items("staff", UserFactory.build()) == []


@pytest.mark.parametrize(
    ("path", "opened"),
    [
        ("/staff/", ["Home"]),
        ("/staff/applications/", ["Applications"]),
        ("/staff/applications/C2C-2026-0001/", ["Applications"]),
        ("/accounts/2fa/", []),
    ],
)
def test_open_entry_follows_the_address(path, opened):
    person = UserFactory.build(staff_role=StaffRole.COORDINATOR)
    assert [str(item.label) for item in items("staff", person, path) if item.current] == opened


def test_page_can_name_its_entry_and_counts():
    person = UserFactory.build(staff_role=StaffRole.COORDINATOR)
    found = items(
        "staff", person, current="calls:staff_calls", counts={"applications:staff_list": 3}
    )
    assert [str(item.label) for item in found if item.current] == ["Calls"]
    assert [item.count for item in found if item.count] == [3]


def test_address_that_is_not_there_leaves_its_entry_out(monkeypatch):
    monkeypatch.setattr("iuc_portal.navigation._address", lambda _name: None)
    assert items("public", UserFactory.build()) == []
