"""Looks at the portal with one more app; test_house.py runs it with settings of its own."""

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from core.duties.catalogue import Ask, find, kinds
from core.kit.errors import NotAllowedError
from core.post.models import Mail
from iuc_portal.navigation import staff_counts
from reminders.services import queue_reminders
from tests.factories.accounts import CoordinatorFactory, DeskFactory
from tests.factories.programme import MembershipFactory
from tests.house.minutes.models import Minutes
from tests.house.minutes.services import write_minutes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings):
    """Staff have no second factor here."""
    settings.DEMO = True


@pytest.fixture
def lead():
    return MembershipFactory(role="lead").user


@pytest.fixture
def minutes(lead):
    return Minutes.objects.create(
        organisation=lead.memberships.get().organisation,
        meeting="the kick-off",
        due_at=timezone.now() + dt.timedelta(days=2),
    )


def test_menu_entry_with_its_number_stands_there_for_who_has_the_right(sign_in, minutes):
    boss = CoordinatorFactory()
    page = sign_in(boss).get("/staff/").content.decode()
    assert f'href="{reverse("minutes:staff_list")}"' in page
    assert staff_counts(boss)["minutes:staff_list"] == 1
    assert "the kick-off" in sign_in(boss).get(reverse("minutes:staff_list")).content.decode()

    desk = DeskFactory()
    assert "/staff/minutes/" not in sign_in(desk).get("/staff/").content.decode()
    assert "minutes:staff_list" not in staff_counts(desk)
    assert sign_in(desk).get(reverse("minutes:staff_list")).status_code == 403


def test_duty_is_in_the_catalogue_in_the_workspace_and_in_a_mail(sign_in, lead, minutes):
    assert str(kinds()["minutes"].label) == "Minutes of a meeting"
    owner = f"organisation:{minutes.organisation_id}"
    [duty] = [duty for duty in find(Ask(owners={owner})) if duty.kind == "minutes"]
    assert duty.due == minutes.due_at
    printed = io.StringIO()
    call_command("duties", stdout=printed)
    assert f"minutes:{minutes.pk}" in printed.getvalue()

    assert "Write the minutes of the kick-off" in sign_in(lead).get("/my/").content.decode()

    assert queue_reminders(now=timezone.now()) == 1
    mail = Mail.objects.get()
    assert mail.recipient == lead.email
    assert mail.subject.startswith("Minutes of the kick-off (")
    assert "The minutes of the kick-off are due" in mail.text

    write_minutes(minutes=minutes, text="All came.", by=lead)
    assert [duty for duty in find(Ask(owners={owner})) if duty.kind == "minutes"] == []


def test_verb_has_its_words_on_the_audit_page(sign_in, lead, minutes):
    write_minutes(minutes=minutes, text="All came.", by=lead)
    page = sign_in(CoordinatorFactory()).get(reverse("trail:audit")).content.decode()
    assert "Minutes of a meeting written" in page
    assert "Meeting" in page
    assert "the kick-off" in page


def test_right_is_asked_by_the_service(minutes):
    with pytest.raises(NotAllowedError):
        write_minutes(minutes=minutes, text="All came.", by=DeskFactory())
    write_minutes(minutes=minutes, text="All came.", by=CoordinatorFactory())


def test_what_it_holds_about_a_person_is_in_the_download(sign_in, lead, minutes):
    write_minutes(minutes=minutes, text="All came.", by=lead)
    held = sign_in(lead).get(reverse("accounts:held")).json()["held"]
    [part] = [part for part in held if part["what"] == "Minutes that you wrote"]
    assert [row["meeting"] for row in part["records"]] == ["the kick-off"]


def test_tables_of_access_ask_for_its_rows():
    from tests.access.test_access import url_names
    from tests.access.test_services import modules_of_services

    assert "minutes:staff_list" in set(url_names())
    assert "tests.house.minutes.services" in {module.__name__ for module in modules_of_services()}


def test_its_migration_is_complete():
    call_command("makemigrations", "minutes", check=True, dry_run=True, verbosity=0)
