"""From a call, without an account or a city, back to the call."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from programme.organisations.services import invite_member
from programme.organisations.states import MembershipRole
from tests.factories.accounts import UserFactory
from tests.factories.programme import CallFactory, CityFactory, MembershipFactory

pytestmark = pytest.mark.django_db

EMAIL = "nina@city.example"
PASSWORD = "a-long-enough-secret"


@pytest.fixture
def start():
    """The page on which an application to an open call is started."""
    return reverse("applications:start", args=[CallFactory().slug])


def sign_up(client, email, wanted, mailoutbox):
    """Make an account that wants a page; return the path of the link in the mail."""
    person = {"email": email, "full_name": "Nina New", "password1": PASSWORD}
    client.post(reverse("account_signup"), person | {"next": wanted})
    return re.search(r"https?://[^/]+(/accounts/confirm-email/\S+)", mailoutbox[-1].body)[1]


def confirm(client, link):
    """Confirm the address as the page does; return where it leads."""
    wanted = client.get(link).context["redirect_field_value"]
    return client.post(link.partition("?")[0], {"next": wanted} if wanted else {})["Location"]


def test_sign_up_from_a_call_leads_back_to_it_in_any_browser(client, start, mailoutbox):
    gate = client.get(start)
    sign_in_page = client.get(gate["Location"]).content.decode()
    sign_up_address = re.search(r'href="(/accounts/signup/[^"]*)"', sign_in_page)[1]
    assert client.get(sign_up_address).context["redirect_field_value"] == start
    other_browser = Client()
    assert confirm(other_browser, sign_up(client, EMAIL, start, mailoutbox)) == start
    signed_out = other_browser.get(start)["Location"]
    entered = other_browser.post(signed_out, {"login": EMAIL, "password": PASSWORD, "next": start})
    assert entered["Location"] == start
    assert "Register your city" in other_browser.get(start).content.decode()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("a", "https://elsewhere.example/"),
        ("b", "//elsewhere.example/"),
        ("c", "javascript:elsewhere"),
        ("d", ""),
    ],
)
def test_confirming_an_address_leads_nowhere_else(client, name, wanted, mailoutbox):
    # Each has an address of its own: one gets one mail in three minutes.
    email = f"nina-{name}@city.example"
    link = sign_up(client, email, wanted, mailoutbox)
    assert "next" not in link
    assert "elsewhere" not in confirm(Client(), f"{link}?next={wanted}")
    assert EmailAddress.objects.get(email=email).verified


def test_who_registers_a_city_for_a_call_is_led_back_to_it(sign_in, start):
    client = sign_in(UserFactory())
    client.get(start)
    city = CityFactory()
    sent = {"city": city.name, "city_id": city.pk, "name": "City of Here", "kind": "municipality"}
    registered = client.post(reverse("organisations:new_organisation"), sent)
    assert registered["Location"] == start
    page = client.get(start).content.decode()
    assert "City of Here is registered, and you are its lead." in page
    assert "Start the application" in page
    # It is wanted once.
    other = sent | {"city": "", "city_id": "", "name": "Elsewhere", "country": "HR"}
    again = client.post(reverse("organisations:new_organisation"), other | {"city": "Elsewhere"})
    assert again["Location"] == reverse("organisations:team", args=["elsewhere"])


def test_who_joins_a_city_for_a_call_is_led_back_to_it(sign_in, start, mailoutbox):
    lead = MembershipFactory(role=MembershipRole.LEAD)
    person = UserFactory()
    invite_member(
        organisation=lead.organisation,
        email=person.email,
        role=MembershipRole.EDITOR,
        by=lead.user,
    )
    link = re.search(r"/invitations/[^/]+/", mailoutbox[0].body)[0]
    client = sign_in(person)
    client.get(start)
    assert client.post(link)["Location"] == start
