import pytest
from django.urls import reverse

from core.kit.errors import NotAllowedError, WrongStateError
from iuc_portal.colleagues.models import FirstSteps
from iuc_portal.colleagues.services import end_first_steps, tick_step
from iuc_portal.colleagues.steps import steps_of
from tests.factories.accounts import AssessorFactory, ObserverFactory, UserFactory

pytestmark = pytest.mark.django_db

TITLE = "Your first steps"


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


def done_all_else(person):
    """Do what the portal finds out by itself, all but the second factor."""
    person.job_title, person.phone = "Observer", "+32 2 000 00 00"
    person.save(update_fields=["job_title", "phone"])
    person.authenticator_set.create(type="totp", data={})


def test_new_colleague_finds_the_list_at_home_until_it_is_hidden(sign_in):
    person = ObserverFactory()
    FirstSteps.objects.create(person=person)
    client = sign_in(person)
    assert TITLE in client.get("/staff/").content.decode()

    done_all_else(person)
    for key in ("guide", "try_call"):
        assert client.post(reverse("colleagues:tick_step", args=[key])).status_code == 302
    page = client.get(reverse("colleagues:first_steps")).content.decode()
    assert "Hide the list for good" in page
    client.post(reverse("colleagues:end_first_steps"))
    assert TITLE not in client.get("/staff/").content.decode()


def test_list_is_not_hidden_while_a_step_is_open():
    person = ObserverFactory()
    with pytest.raises(WrongStateError):
        end_first_steps(user=person)
    assert not FirstSteps.objects.exclude(ended_at=None).exists()


def test_colleagues_of_old_see_no_list(sign_in):
    assert TITLE not in sign_in(ObserverFactory()).get("/staff/").content.decode()


def test_assessor_is_asked_what_they_know_and_not_to_try_calls():
    keys = {shown.step.key for shown in steps_of(AssessorFactory(), None)}
    assert keys == {"second_factor", "details", "guide", "expertise"}


def test_step_that_is_found_out_cannot_be_ticked(sign_in):
    person = ObserverFactory()
    client = sign_in(person)
    page = client.get(reverse("colleagues:first_steps")).content.decode()
    assert reverse("colleagues:tick_step", args=["guide"]) in page
    assert reverse("colleagues:tick_step", args=["second_factor"]) not in page
    client.post(reverse("colleagues:tick_step", args=["second_factor"]))
    assert not FirstSteps.objects.filter(person=person).exclude(ticked=[]).exists()


def test_city_people_have_no_such_list():
    with pytest.raises(NotAllowedError):
        tick_step(key="guide", user=UserFactory())


def test_each_step_leads_to_a_page_that_opens(sign_in):
    for factory in (ObserverFactory, AssessorFactory):
        person = factory()
        client = sign_in(person)
        for shown in steps_of(person, None):
            # The second factor asks for the password again first.
            assert client.get(shown.url).status_code in {200, 302}


def test_tick_is_taken_back(sign_in):
    person = ObserverFactory()
    client = sign_in(person)
    back = reverse("colleagues:untick_step", args=["guide"])
    assert back not in client.get(reverse("colleagues:first_steps")).content.decode()
    client.post(reverse("colleagues:tick_step", args=["guide"]))
    assert back in client.get(reverse("colleagues:first_steps")).content.decode()
    client.post(back)
    assert FirstSteps.objects.get(person=person).ticked == []
