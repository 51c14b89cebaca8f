from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from pairings.models import Pairing
from programme.calls.models import Call
from programme.models import City, Country, Goal, Language, MainTopic, Strand, Tag, Theme, Topic
from programme.organisations.models import Organisation
from programme.organisations.services import load_organisations
from programme.organisations.states import OrganisationKind
from programme.services import DATA, load_reference_data, rows_of
from programme.states import Origin
from questionnaires.models import Question, TemplateVersion

pytestmark = pytest.mark.django_db

COUNTED = [
    Strand,
    Country,
    Theme,
    Topic,
    MainTopic,
    Tag,
    Language,
    Goal,
    City,
    Organisation,
    Call,
    TemplateVersion,
    Question,
    Pairing,
]


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """Load once for the module inside a transaction of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_programme", stdout=StringIO())
        yield
        transaction.set_rollback(True)


def test_load_makes_the_published_rows(loaded):
    counts = {model.__name__: model.objects.count() for model in COUNTED}
    assert counts["Strand"] == 3
    assert counts["Country"] == 48
    assert counts["Theme"] == 8
    assert counts["Topic"] == 63
    assert counts["MainTopic"] == 47
    assert counts["Tag"] == 53
    assert counts["Language"] == 63
    assert counts["Goal"] == 69
    assert counts["City"] == 12_668
    assert counts["Organisation"] == 108
    assert counts["Call"] == 2
    assert counts["Pairing"] == 55


def test_load_twice_doubles_nothing(loaded):
    before = [model.objects.count() for model in COUNTED]
    output = StringIO()
    call_command("load_programme", stdout=output)
    assert [model.objects.count() for model in COUNTED] == before
    assert "published pairings: 0 made, 55 kept" in output.getvalue()


def test_load_keeps_what_people_changed(loaded):
    graz = Organisation.objects.get(name="Metropolitan Area of Styria/Graz")
    Organisation.objects.filter(pk=graz.pk).update(note="Asked for a later start.")
    Call.objects.filter(slug="china-2017").update(summary="Our own words.")
    call_command("load_programme", stdout=StringIO())
    graz.refresh_from_db()
    assert graz.note == "Asked for a later start."
    assert Call.objects.get(slug="china-2017").summary == "Our own words."


def test_each_published_topic_has_a_main_topic(loaded):
    assert not Topic.objects.filter(main_topics=None).exists()
    port = Topic.objects.get(name="port")
    assert [str(main) for main in port.main_topics.all()] == ["Ports and logistics"]


def test_reference_data_follow_the_files(loaded):
    Theme.objects.filter(slug="urban-mobility").update(name="Traffic")
    load_reference_data()
    assert Theme.objects.get(slug="urban-mobility").name == "Urban mobility"


def test_pairings_are_those_published(loaded):
    published = {
        (row["eu_city"], row["partner_city"], frozenset(row["topics"].split(";")))
        for row in rows_of("pairings.csv")
    }
    stored = set()
    for pairing in Pairing.objects.prefetch_related("members__organisation", "topics"):
        eu, partner = (member.organisation.name for member in pairing.members.all())
        topics = frozenset(topic.name for topic in pairing.topics.all())
        stored.add((eu, partner, topics))
    assert stored == published
    assert {pairing.origin for pairing in Pairing.objects.all()} == {Origin.PUBLISHED}


@pytest.mark.parametrize("name", ["Hamburg", "Metropolitan City of Bologna"])
def test_organisation_with_two_pairings_is_one_row(loaded, name):
    organisation = Organisation.objects.get(name=name)
    assert organisation.pairing_members.count() == 2


def test_groups_are_groups(loaded):
    groups = Organisation.objects.filter(kind=OrganisationKind.GROUP)
    assert sorted(groups.values_list("name", flat=True)) == [
        "Dubrovnik + Župa Dubrovačka",
        "Santiago de Cali + Medellín",
    ]


def test_nothing_is_invented_for_pairings(loaded):
    for pairing in Pairing.objects.prefetch_related("members"):
        assert pairing.call is None
        assert pairing.started_on is None
        assert pairing.accept_by is None
        for member in pairing.members.all():
            assert member.answered_at is None
            assert member.slot is None
            assert not hasattr(member, "signature")


def test_organisation_of_one_place_has_its_time_zone(loaded):
    tirso = Organisation.objects.get(name="Santo Tirso")
    assert (round(tirso.latitude, 2), tirso.time_zone) == (41.34, "Europe/Lisbon")


def test_past_call_is_closed_with_its_named_partners(loaded):
    call = Call.objects.get(slug="china-2017")
    assert not call.is_open
    assert call.opens_at is None
    assert call.closes_at.isoformat() == "2017-04-10T21:59:59+00:00"
    assert sorted(call.named_partners.values_list("name", flat=True)) == [
        "Chongqing",
        "Jingyue",
        "Longyan",
        "Shantou",
        "Zhengzhou",
    ]
    assert call.eligible_countries.count() == 28
    assert call.eligible_countries.filter(code="GB").exists()
    assert call.duration_months == 12


def test_themes_count_pairings_as_the_home_page_shows(loaded):
    counts = {
        theme.slug: Pairing.objects.filter(topics__themes=theme).distinct().count()
        for theme in Theme.objects.all()
    }
    assert counts == {
        "smart-cities": 29,
        "urban-mobility": 12,
        "water-and-waste": 9,
        "climate-and-nature": 7,
        "energy-and-circular-economy": 6,
        "healthy-and-inclusive-cities": 16,
        "jobs-and-local-economy": 9,
        "regeneration-and-services": 17,
    }


def test_organisations_again_are_two_reads(loaded, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        load_organisations()


def test_every_published_topic_has_a_theme():
    topics = {row["topic"] for row in rows_of("topics.csv") if row["themes"]}
    used = {t for row in rows_of("pairings.csv") for t in row["topics"].split(";")}
    assert topics == used


def test_data_files_are_in_the_project():
    assert (DATA / "places.csv").is_file()
