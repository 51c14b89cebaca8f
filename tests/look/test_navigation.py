"""The menus: every entry opens for those who see it."""

import pytest
from django.test import RequestFactory
from rules import perm_exists

from accounts.states import StaffRole
from iuc_portal.navigation import entries, sections
from tests.factories.accounts import UserFactory

ROLES = [role for role in StaffRole.values if role]
BOSS = StaffRole.COORDINATOR
# What a coordinator has no use for.
OF_ASSESSORS = {"Mine to read"}


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


@pytest.mark.parametrize(
    ("area", "written"),
    [
        ("public", {"": ["Calls", "Pairings", "About"]}),
        ("city", {"": ["My workspace", "Applications", "Pairing", "Action plan"]}),
        (
            "staff",
            {
                "Work": [
                    "Home",
                    "Applications",
                    "Eligibility",
                    "Ranking and letters",
                    "Notes for you",
                    "Pairing board",
                    "Pairings",
                    "Action plans",
                    "Questions",
                    "Mail outbox",
                    "“This is my city”",
                ],
                "Set up": [
                    *("Calls", "Questionnaires", "Tags", "Organisations", "People and rights")
                ],
                "Records": ["Audit trail", "Jobs", "Components"],
            },
        ),
    ],
)
def test_each_menu_in_its_order(area, written):
    request = RequestFactory().get("/")
    request.user = UserFactory.build(staff_role=StaffRole.COORDINATOR)
    shown = sections(area, request=request)
    assert {str(s.label): [str(i.label) for i in s.items] for s in shown} == written
    assert len([entry for entry in entries() if entry.area == area]) == sum(
        map(len, written.values())
    ) + len(OF_ASSESSORS if area == "staff" else ())


def test_each_role_has_its_menu():
    everything = [str(item.label) for item in items("staff", UserFactory.build(staff_role=BOSS))]
    missing = {
        role: set(everything) - {str(i.label) for i in items("staff", UserFactory.build(**who))}
        for role, who in {role: {"staff_role": role} for role in ROLES}.items()
    }
    office = {
        "Notes for you",
        "Tags",
        "Pairings",
        "Action plans",
        "Questions",
        "Mail outbox",
        "“This is my city”",
        "Calls",
        "Questionnaires",
        "Organisations",
    }
    mine = [str(i.label) for i in items("staff", UserFactory.build(staff_role=StaffRole.ASSESSOR))]
    assert set(mine) - set(everything) == OF_ASSESSORS
    assert missing == {
        BOSS: set(),
        StaffRole.REGIONAL_DESK: {
            *("People and rights", "Audit trail", "Ranking and letters", "Pairing board"),
        },
        StaffRole.ASSESSOR: {
            *("People and rights", "Audit trail", "Ranking and letters", "Eligibility"),
            "Pairing board",
            *office,
        },
        StaffRole.OBSERVER: {"People and rights", "Eligibility", "Pairing board"},
    }


def test_entry_of_staff_names_a_permission_that_there_is():
    asked = {entry.name: entry.permission for entry in entries() if entry.area == "staff"}
    assert [name for name, permission in asked.items() if not perm_exists(permission)] == []


@pytest.mark.parametrize("role", ["", "auditor"])
def test_who_has_no_right_sees_nothing_of_the_console(role):
    assert items("staff", UserFactory.build(staff_role=role)) == []


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
