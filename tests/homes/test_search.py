"""The search of the console: one question, answered from all that the person sees."""

import pytest

from programme.models import CityName
from programme.places import name_key
from tests.factories.accounts import (
    AssessorFactory,
    CoordinatorFactory,
    DeskFactory,
    ObserverFactory,
    UserFactory,
)
from tests.factories.action_plans import PlanFactory
from tests.factories.applications import ApplicationFactory, SubmittedApplicationFactory
from tests.factories.pairings import PairingFactory
from tests.factories.programme import (
    CityFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
)
from tests.factories.reminders import MailFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings):
    """Spare staff the second factor."""
    settings.DEMO = True


@pytest.fixture
def world():
    """Łódź, paired with Panaji in India."""
    lodz = OrganisationFactory(name="Łódź")
    panaji = PartnerOrganisationFactory(name="Panaji", country=PartnerCountryFactory())
    pairing = PairingFactory(reference="PAIR-2026-0042", organisations=[lodz, panaji])
    SubmittedApplicationFactory(organisation=lodz, reference="C2C-2026-0077")
    PlanFactory(member=pairing.members.first())
    person = UserFactory(full_name="Zoë Łukasik", email="zoe@city.example")
    MembershipFactory(user=person, organisation=lodz)
    return panaji


def found(client, words):
    response = client.get("/staff/search/", {"q": words})
    return {group.label: [row.title for row in group.rows] for group in response.context["groups"]}


@pytest.mark.parametrize(
    ("words", "groups"),
    [
        ("PAIR-2026-0042", ["Pairings"]),
        ("C2C-2026-0077", ["Applications"]),
        ("panaji", ["Pairings", "Organisations"]),
        ("Lodz", ["Applications", "Pairings", "Action plans", "Organisations"]),
        ("zoe lukasik", ["People"]),
        ("zoe@city.example", ["People"]),
        ("Atlantis", []),
        ("", []),
        ("x" * 101, []),
    ],
)
def test_each_thing_is_found_in_its_group(sign_in, world, words, groups):
    assert list(found(sign_in(CoordinatorFactory()), words)) == groups


def test_everybody_finds_what_they_may_see_and_no_more(sign_in, world):
    japan = PartnerCountryFactory(code="JP", name="Japan")

    assert "People" not in found(sign_in(ObserverFactory()), "zoe@city.example")
    assert found(sign_in(ObserverFactory()), "panaji").keys() == {"Pairings", "Organisations"}
    assert found(sign_in(DeskFactory(countries=[world.country])), "panaji").keys() == {
        "Pairings",
        "Organisations",
    }
    assert found(sign_in(DeskFactory(countries=[japan])), "panaji") == {}
    assert found(sign_in(AssessorFactory()), "lodz") == {}


def test_mails_are_found_by_who_reads_them(sign_in, world):
    person = UserFactory(email="asha@panaji.example")
    MembershipFactory(user=person, organisation=world)
    MailFactory(subject="A bridge for Panaji", recipient=person.email)
    MailFactory(subject="A bridge for Zadar")
    japan = PartnerCountryFactory(code="JP", name="Japan")

    for reader, titles in (
        (CoordinatorFactory(), {"A bridge for Panaji", "A bridge for Zadar"}),
        (DeskFactory(countries=[world.country]), {"A bridge for Panaji"}),
        (DeskFactory(countries=[japan]), set()),
        (AssessorFactory(), set()),
    ):
        assert set(found(sign_in(reader), "bridge").get("Mails", [])) == titles


def test_drafts_are_not_found(sign_in):
    ApplicationFactory(organisation=OrganisationFactory(name="Split"))

    assert found(sign_in(CoordinatorFactory()), "split").keys() == {"Organisations"}


def test_long_group_leads_to_its_list(sign_in):
    for number in range(10):
        OrganisationFactory(name=f"Novi Grad {number}")

    page = sign_in(CoordinatorFactory()).get("/staff/search/", {"q": "novi"})

    (group,) = page.context["groups"]
    assert len(group.rows) == 8
    assert group.all_url == "/staff/organisations/?q=novi"
    assert b'href="/staff/organisations/?q=novi"' in page.content


def test_head_of_every_page_of_the_console_asks_it(sign_in):
    assert b'action="/staff/search/"' in sign_in(CoordinatorFactory()).get("/staff/").content


@pytest.mark.parametrize("number", [1, 10])
def test_queries_do_not_grow(sign_in, number, django_assert_num_queries):
    for place in range(number):
        city = OrganisationFactory(name=f"Novi {place}")
        pairing = PairingFactory(organisations=[city, PartnerOrganisationFactory()])
        SubmittedApplicationFactory(organisation=city)
        PlanFactory(member=pairing.members.first())
        MembershipFactory(user=UserFactory(full_name=f"Ana Novi {place}"), organisation=city)
        MailFactory(subject=f"News for Novi {place}")
    client = sign_in(CoordinatorFactory())

    # One of them asks for places by their names, before the applications.
    with django_assert_num_queries(13):
        response = client.get("/staff/search/", {"q": "novi"})

    assert len(response.context["groups"]) == 6


def test_city_is_found_by_its_other_names(world, sign_in):
    city = CityFactory(name="Panaji", country=world.country)
    for name in ("पणजी", "Nova Goa"):
        CityName.objects.create(city=city, name=name, search_name=name_key(name))
    world.organisationcity_set.create(city=city)
    client = sign_in(CoordinatorFactory())
    for words in ("पणजी", "nova goa", "NovaGoa", "nova india"):
        assert found(client, words)["Organisations"] == ["Panaji"]
    assert found(client, "goa nova") == {}
    assert "Pairings" in found(client, "पणजी")
