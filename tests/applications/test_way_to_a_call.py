"""From a call, without an account or a city, back to the call."""

import html
import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from applications.models import Application
from applications.selectors import ready_for
from applications.states import ApplicantKind
from programme.models import CityName
from programme.organisations.services import invite_member
from programme.organisations.states import MembershipRole
from questionnaires.models import CallQuestionnaire
from questionnaires.services import load_templates
from questionnaires.states import Purpose
from tests.factories.accounts import UserFactory
from tests.factories.programme import CallFactory, CityFactory, CountryFactory, MembershipFactory

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


# What was checked comes along ---------------------------------------------------------
@pytest.fixture
def dubrovnik():
    """The lead of Dubrovnik, which is also called Ragusa."""
    membership = MembershipFactory(
        role=MembershipRole.LEAD,
        organisation__name="City of Dubrovnik",
        organisation__seat=CityFactory(name="Dubrovnik"),
    )
    city = membership.organisation.cities.get()
    CityName.objects.create(city=city, name="Ragusa", search_name="ragusa")
    return membership


def begin(client, membership, **checked):
    """Start an application with what stands in the address; return it."""
    call = CallFactory()
    address = f"{reverse('applications:start', args=[call.slug])}?{urlencode(checked)}"
    page = client.get(address)
    assert page.status_code == 200
    client.post(address, {"organisation": membership.organisation.pk})
    return Application.objects.get(call=call), page.content.decode()


@pytest.mark.parametrize("name", ["Dubrovnik", "Ragusa", "Grad Dubrovnik", "DUBROVNIK"])
def test_figure_of_the_check_stands_in_the_draft(name, dubrovnik, sign_in):
    client = sign_in(dubrovnik.user)
    draft, page = begin(client, dubrovnik, kind="municipality", name=name, population=42_615)
    lead = draft.municipalities.get()
    assert (lead.population, lead.population_source) == (42_615, "")
    assert "42,615 inhabitants are filled in" in " ".join(page.split())


def test_figure_of_another_city_is_not_taken(dubrovnik, sign_in):
    client = sign_in(dubrovnik.user)
    draft, _page = begin(client, dubrovnik, kind="municipality", name="Split", population=160_577)
    assert draft.municipalities.get().population is None


def test_group_of_the_check_is_named_in_the_draft(dubrovnik, sign_in):
    client = sign_in(dubrovnik.user)
    draft, page = begin(
        client,
        dubrovnik,
        kind="group",
        name="Dubrovnik",
        members="Župa dubrovačka\nKonavle\nRagusa",
        population=60_000,
    )
    assert draft.kind == ApplicantKind.GROUP
    rows = list(draft.municipalities.values_list("name", "population", "is_lead"))
    assert rows == [
        ("Dubrovnik", None, True),
        ("Župa dubrovačka", None, False),
        ("Konavle", None, False),
    ]
    assert "Župa dubrovačka, Konavle" in page


@pytest.mark.parametrize(
    "checked",
    [
        {},
        {"kind": "nonsense", "population": "many"},
        {"kind": "municipality", "name": "x" * 500, "population": "-1"},
        {"kind": "group", "members": "x" * 5000},
    ],
)
def test_what_cannot_be_read_is_left_out(checked, dubrovnik, sign_in):
    draft, _page = begin(sign_in(dubrovnik.user), dubrovnik, **checked)
    assert draft.municipalities.get().population is None


def test_draft_that_is_there_keeps_what_it_has(dubrovnik, sign_in):
    client = sign_in(dubrovnik.user)
    draft, _page = begin(client, dubrovnik, kind="municipality", name="Dubrovnik", population=1)
    address = reverse("applications:start", args=[draft.call.slug])
    again = f"{address}?{urlencode({'kind': 'group', 'members': 'Konavle'})}"
    client.post(again, {"organisation": dubrovnik.organisation.pk})
    draft.refresh_from_db()
    assert draft.kind == ApplicantKind.SINGLE
    assert draft.municipalities.get().population == 1


def test_check_leads_to_the_start_with_its_answers(client, sign_in):
    call = CallFactory(eligible_countries=[CountryFactory()])
    checked = {"kind": "municipality", "name": "Split", "country": "HR", "population": "160 577"}
    page = client.get(reverse("showcase:check", args=[call.slug]), checked).content.decode()
    gate = html.unescape(re.search(r'href="(/accounts/login/[^"]+)"[^>]*>\s*Sign in and', page)[1])
    wanted = parse_qs(urlsplit(gate).query)["next"][0]
    assert parse_qs(urlsplit(wanted).query) == {
        "kind": ["municipality"],
        "name": ["Split"],
        "population": ["160577"],
    }
    client = sign_in(UserFactory())
    assert "Register your city" in client.get(wanted).content.decode()
    assert client.session["wanted"] == wanted


def test_start_says_what_to_know_before(dubrovnik, sign_in):
    call = CallFactory()
    page = sign_in(dubrovnik.user).get(reverse("applications:start", args=[call.slug]))
    shown = " ".join(page.content.decode().split())
    for words in (
        "Who can apply",
        "More than 100,000 inhabitants",
        "Before you start",
        "It takes about 30 minutes",
        "Have at hand:",
        "Brussels time",
        "data-countdown=",
        "days left",
    ):
        assert words in shown


def test_time_that_it_takes_follows_the_questions():
    call = CallFactory()
    assert ready_for(call).minutes == 30
    version = load_templates()["application-city-to-city"]
    CallQuestionnaire.objects.create(call=call, purpose=Purpose.APPLICATION, version=version)
    ready = ready_for(call)
    assert ready.minutes > 30
    assert ready.minutes % 15 == 0
    assert ready.subjects
