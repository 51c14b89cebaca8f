"""Every service that a person calls has a row, and refuses all whom its row does not name."""

import importlib
import inspect
import pkgutil

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.urls import reverse

from core.kit.errors import NotAllowedError, PortalError
from pairings.services import move_milestone
from tests.access.expect import ANONYMOUS, NEW_ROLE, ROLES
from tests.access.services import NO_ROW, SERVICES, _milestone

pytestmark = pytest.mark.django_db


def modules_of_services():
    """Import the services of each app of ours, whether a module or a package."""
    for config in apps.get_app_configs():
        if not config.path.startswith(str(settings.BASE_DIR)) or ".venv" in config.path:
            continue
        name = f"{config.name}.services"
        if importlib.util.find_spec(name) is None:
            continue
        module = importlib.import_module(name)
        yield module
        for found in pkgutil.walk_packages(getattr(module, "__path__", []), f"{name}."):
            yield importlib.import_module(found.name)


def takes_a_person(service):
    return {"by", "user"} & set(inspect.signature(service).parameters)


def name_of(service):
    service = inspect.unwrap(service)
    return f"{service.__module__}.{service.__name__}"


def test_every_service_that_takes_a_person_has_a_row():
    found = {
        name_of(service)
        for module in modules_of_services()
        for name, service in vars(module).items()
        if inspect.isfunction(service)
        and not name.startswith("_")
        and inspect.unwrap(service).__module__ == module.__name__
        and takes_a_person(service)
    }
    rows = {name_of(row.does) for row in SERVICES}

    assert len(found) > 50
    assert found - rows - set(NO_ROW) == set(), "Give these a row in tests/access/services.py."
    assert (rows | set(NO_ROW)) - found == set(), "These rows name no service."


def again(person):
    return type(person).objects.get(pk=person.pk)


def met(row, args, person):
    """Call the service, take back what it did and return what the person met."""
    [name] = takes_a_person(row.does)
    with transaction.atomic():
        try:
            row.does(**args, **{name: person})
        except PortalError as error:
            return error
        finally:
            transaction.set_rollback(True)
    return None


@pytest.mark.parametrize("row", SERVICES, ids=str)
def test_each_role_meets_what_the_row_says(row, world):
    served = set(row.roles.split())
    assert served <= set(ROLES)
    wrong = []
    with transaction.atomic():
        args = row.args(world)
        for role in ROLES:
            if role == ANONYMOUS and row.own:
                continue
            # Read anew: a person remembers roles, and has no number once the account is deleted.
            person = AnonymousUser() if role == ANONYMOUS else again(world.people[role])
            error = met(row, args, person)
            refused = isinstance(error, row.refusal)
            if refused is (role in served):
                wrong.append(f"{role}: {error!r}")
        transaction.set_rollback(True)
    assert wrong == []


def test_new_role_is_served_with_its_own_account_alone():
    assert {str(row) for row in SERVICES if NEW_ROLE in row.roles.split()} == {
        "update_own_account",
        "end_sessions",
        "end_looking",
    }


@pytest.mark.parametrize("role", ["desk_none", "desk_other"])
def test_desk_without_the_country_is_refused_by_predicate_service_and_address(role, world, clients):
    """The same person, the same milestone, three ways: none of them lets the date move."""
    desk = world.people[role]
    milestone = _milestone(world)["milestone"]
    day = milestone.due_on

    assert not desk.has_perm("pairings.move_milestone", milestone.pairing)
    assert not desk.has_perm("pairings.move_milestone")
    with pytest.raises(NotAllowedError):
        move_milestone(milestone=milestone, due_on=day.replace(year=2030), reason="So.", by=desk)
    url = reverse("pairings:staff_milestone", args=[milestone.pairing.reference, milestone.key])
    assert clients[role].get(url).status_code == 404
    assert clients[role].post(url, {"due_on": "2030-01-01", "reason": "So."}).status_code == 404

    milestone.refresh_from_db()
    assert milestone.due_on == day
