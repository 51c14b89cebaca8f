import json

import pytest
import time_machine
from allauth.usersessions.models import UserSession

from accounts.backends import is_closed
from accounts.models import Session, User
from accounts.selectors import coordinators
from accounts.services import (
    create_person,
    deactivate_person,
    delete_person,
    reactivate_person,
    set_staff_role,
    update_own_account,
)
from accounts.states import StaffRole
from core.kit.errors import NotAllowedError, WrongStateError
from core.trail.models import AuditEvent
from core.trail.selectors import audit_events, events_of
from core.trail.services import record_event, record_writing
from tests.factories.accounts import (
    AssessorFactory,
    CoordinatorFactory,
    DeskFactory,
    ObserverFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def test_event_keeps_who_what_and_why():
    coordinator, person = CoordinatorFactory(), UserFactory(full_name="Ana")
    record_event(verb="person.role_set", target=person, by=coordinator, reason="She joins us.")
    event = events_of(person).get()
    assert event.actor == coordinator
    assert event.actor_name == coordinator.full_name
    assert (event.target_label, event.reason) == ("Ana", "She joins us.")
    assert event.sentence == "Staff role changed"


def test_event_cannot_be_changed_or_removed():
    event = record_event(verb="x.y", target=UserFactory(), by=None)
    event.verb = "y.z"
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()
    assert AuditEvent.objects.get().verb == "x.y"


def test_event_outlives_its_actor():
    person = UserFactory(full_name="Ana Kovačević")
    record_event(verb="x.y", target=CoordinatorFactory(), by=person)
    delete_person(person=person)
    event = AuditEvent.objects.get(verb="x.y")
    assert (event.actor, event.actor_name) == (None, "Ana Kovačević")


def test_staff_role_is_set_and_recorded():
    coordinator, person = CoordinatorFactory(), UserFactory()
    set_staff_role(person=person, role=StaffRole.ASSESSOR, by=coordinator)
    person.refresh_from_db()
    assert person.staff_role == StaffRole.ASSESSOR
    assert events_of(person).get().details == {
        "before": "No staff role",
        "after": "Assessor",
    }


def test_staff_role_again_records_nothing():
    coordinator, person = CoordinatorFactory(), AssessorFactory()
    set_staff_role(person=person, role=StaffRole.ASSESSOR, by=coordinator)
    assert not events_of(person).exists()


@pytest.mark.parametrize("factory", [UserFactory, DeskFactory, AssessorFactory, ObserverFactory])
def test_only_coordinators_set_roles(factory):
    with pytest.raises(NotAllowedError):
        set_staff_role(person=UserFactory(), role=StaffRole.OBSERVER, by=factory())


@pytest.mark.parametrize("lost", [{"staff_role": StaffRole.NONE}, {"is_active": False}])
def test_who_lost_the_right_a_moment_ago_changes_nobody(lost):
    """The person of a request was read before a colleague changed it."""
    by, person = CoordinatorFactory(), CoordinatorFactory()
    User.objects.filter(pk=by.pk).update(**lost)
    for change in (
        lambda: set_staff_role(person=person, role=StaffRole.NONE, by=by),
        lambda: deactivate_person(person=person, reason="Leaves.", by=by),
        lambda: reactivate_person(person=person, by=by),
    ):
        with pytest.raises(NotAllowedError):
            change()
    person.refresh_from_db()
    assert (person.staff_role, person.is_active) == (StaffRole.COORDINATOR, True)


def test_last_coordinator_keeps_the_role():
    coordinator = CoordinatorFactory()
    with pytest.raises(WrongStateError) as caught:
        set_staff_role(person=coordinator, role=StaffRole.OBSERVER, by=coordinator)
    assert caught.value.code == "last_coordinator"
    coordinator.refresh_from_db()
    assert coordinator.staff_role == StaffRole.COORDINATOR


def test_last_coordinator_who_can_sign_in_keeps_the_role():
    CoordinatorFactory(is_active=False)
    coordinator = CoordinatorFactory()
    with pytest.raises(WrongStateError):
        deactivate_person(person=coordinator, reason="Leaves.", by=coordinator)


@pytest.mark.parametrize("is_demo_portal", [False, True])
def test_demo_account_counts_as_a_coordinator_in_a_demo_alone(is_demo_portal, settings):
    settings.DEMO = is_demo_portal
    demo, coordinator = CoordinatorFactory(is_demo=True), CoordinatorFactory()
    assert coordinators().filter(pk=demo.pk).exists() is is_demo_portal is not is_closed(demo)
    if is_demo_portal:
        set_staff_role(person=coordinator, role=StaffRole.NONE, by=coordinator)
        return
    with pytest.raises(WrongStateError):
        set_staff_role(person=coordinator, role=StaffRole.NONE, by=coordinator)
    # One that cannot sign in anyway may go.
    deactivate_person(person=demo, reason="Not of this portal.", by=coordinator)


def test_coordinator_may_step_down_when_there_is_another():
    CoordinatorFactory()
    coordinator = CoordinatorFactory(is_staff=True, is_superuser=True)
    person = set_staff_role(person=coordinator, role=StaffRole.NONE, by=coordinator)
    assert (person.staff_role, person.is_staff, person.is_superuser) == (
        "",
        False,
        False,
    )


def test_deactivation_ends_all_sessions(client):
    coordinator, person = CoordinatorFactory(), UserFactory()
    client.force_login(person)
    UserSession.objects.create(
        user=person, ip="127.0.0.1", user_agent="x", session_key=client.session.session_key
    )
    deactivate_person(person=person, reason="Left the city.", by=coordinator)
    assert not Session.objects.exists()
    response = client.get("/accounts/me/")
    assert response.status_code == 302
    assert "/accounts/login/" in response["Location"]
    assert events_of(person).get().reason == "Left the city."


def test_deactivated_person_cannot_sign_in_until_opened_again(client):
    coordinator, person = CoordinatorFactory(), UserFactory()
    deactivate_person(person=person, reason="Left.", by=coordinator)
    assert not client.login(email=person.email, password="pair-of-cities")
    reactivate_person(person=person, by=coordinator)
    person.refresh_from_db()
    assert person.is_active


def test_own_account_is_cleaned():
    person = update_own_account(
        user=UserFactory(), full_name=" Ana\u202e ", job_title="", phone="1", language="es"
    )
    assert User.objects.get(pk=person.pk).full_name == "Ana"


def test_own_account_names_the_changed_fields_once():
    user = UserFactory(full_name="Ana", job_title="", phone="1", language="en-gb")
    said = {"full_name": "Ana", "job_title": "Planner", "phone": "2", "language": "en-gb"}
    update_own_account(user=user, **said)
    update_own_account(user=user, **said)
    event = events_of(user).get()
    assert (event.verb, event.actor) == ("person.details_changed", user)
    assert event.details == {"fields": ["job_title", "phone"]}


@pytest.mark.parametrize(("minutes", "lines"), [(29, 1), (31, 2)])
def test_writing_is_recorded_once_a_sitting(minutes, lines):
    target, ana = UserFactory(), UserFactory()
    with time_machine.travel("2026-11-20 10:00+01:00", tick=False) as clock:
        record_writing(verb="plan.written", target=target, by=ana, section="first")
        clock.shift(minutes * 60)
        record_writing(verb="plan.written", target=target, by=ana, section="first")
    assert events_of(target).count() == lines


def test_writing_of_another_person_or_section_is_recorded():
    target, ana = UserFactory(), UserFactory()
    for by, section in [(ana, "first"), (UserFactory(), "first"), (ana, "second")]:
        assert record_writing(verb="plan.written", target=target, by=by, section=section)
    assert events_of(target).count() == 3


def test_created_person_has_a_verified_address():
    person = create_person(email="Ana@City.example", full_name="Ana", password="x")
    assert person.email == "ana@city.example"
    assert person.emailaddress_set.get().verified


def test_audit_is_found_by_who_what_and_when():
    ana, luka = UserFactory(full_name="Ana"), UserFactory(full_name="Luka")
    record_event(verb="person.role_set", target=ana, by=luka, reason="New desk.")
    record_event(verb="person.deactivated", target=luka, by=ana)
    assert audit_events(who="luka").get().verb == "person.role_set"
    assert audit_events(about="desk").get().verb == "person.role_set"
    assert audit_events(verb="person.deactivated").get().actor == ana
    today = audit_events()[0].at.date()
    assert audit_events(since=today).count() == 2
    assert audit_events(until=today.replace(year=2000)).count() == 0


def test_audit_details_are_json():
    event = record_event(
        verb="x.y", target=UserFactory(), by=None, details={"changes": {"a": [1, None]}}
    )
    assert json.loads(json.dumps(event.details)) == event.details
