"""What is found, counted and remembered of the public list."""

import gzip
import threading

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse

from pairings.models import Pairing, PairingMember
from pairings.services import cancel_pairing
from programme.calls.models import Call
from programme.map import great_circle_km
from programme.models import Country, Topic
from programme.organisations.models import Organisation
from showcase import tasks, watch
from showcase.models import PublicChange
from showcase.selectors import directory as selectors
from showcase.selectors.directory import directory, version
from tests.factories.accounts import CoordinatorFactory
from tests.factories.pairings import PairingFactory, PublishedPairingFactory, RunningPairingFactory
from tests.factories.programme import (
    CityFactory,
    CountryFactory,
    OrganisationFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
    ThemeFactory,
    TopicFactory,
)
from tests.showcase.lists import public_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def records(db):
    """Łódź and Panaji on water; Århus and Kōchi on ports."""
    poland = CountryFactory(code="PL", name="Poland")
    denmark = CountryFactory(code="DK", name="Denmark")
    japan = PartnerCountryFactory(code="JP", name="Japan")
    water = TopicFactory(name="Water management", themes=[ThemeFactory(slug="water")])
    port = TopicFactory(name="Port logistics", themes=[ThemeFactory(slug="ports")])
    lodz = OrganisationFactory(name="Łódź", country=poland)
    aarhus = OrganisationFactory(name="Århus", country=denmark)
    panaji = PartnerOrganisationFactory(name="Panaji-Goa")
    kochi = PartnerOrganisationFactory(name="Kōchi", country=japan)
    first = PublishedPairingFactory(
        organisations=[lodz, panaji], topics=[water], slug="lodz-panaji-goa"
    )
    second = PublishedPairingFactory(
        organisations=[aarhus, kochi], topics=[port], slug="aarhus-kochi"
    )
    return first, second


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, [0, 1]),
        ({"text": "Lodz"}, [0]),
        ({"text": "ŁÓDŹ"}, [0]),
        ({"text": "kochi"}, [1]),
        ({"text": "japan"}, [1]),
        ({"text": "water"}, [0]),
        # Every word counts, wherever it is found.
        ({"text": "lodz water india"}, [0]),
        ({"text": "lodz port"}, []),
        ({"text": "  "}, [0, 1]),
        ({"text": "100%_"}, []),
        ({"europe": "PL"}, [0]),
        ({"europe": "pl"}, [0]),
        ({"europe": "IN"}, []),
        ({"partner": "JP"}, [1]),
        ({"theme": "ports"}, [1]),
        ({"theme": "nothing"}, []),
        ({"text": "lodz", "partner": "JP"}, []),
    ],
)
def test_public_pairings_are_found(records, filters, expected):
    assert set(directory().find(**filters)) == {records[n] for n in expected}


def test_a_city_of_a_group_finds_the_group(records):
    group = records[0].eu_members[0].organisation
    group.organisationcity_set.create(city=CityFactory(name="Županja"))
    assert list(directory().find(text="zupanja")) == [records[0]]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("eu", [1, 0]),
        ("-eu", [0, 1]),
        ("partner", [1, 0]),
        ("-partner", [0, 1]),
        ("nonsense; drop table", [1, 0]),
    ],
)
def test_public_pairings_are_sorted(records, sort, expected):
    listed = directory()
    assert list(listed.in_order(listed.all, sort)) == [records[n].pk for n in expected]


def test_the_public_sees_no_proposal(db):
    hidden = {"proposed", "accepted", "declined", "cancelled"}
    for status in (*hidden, "published", "running", "completed"):
        PairingFactory(status=status, slug=status)
    shown = {pairing.status for pairing in directory().all}
    assert shown == {"published", "running", "completed"}


@pytest.mark.parametrize(
    ("a", "b", "km"),
    [
        ((53.55, 10.0), (16.51, 80.65), 7270),
        ((0, 0), (0, 180), 20015),
        ((10, 10), (10, 10), 0),
        # Over the date line.
        ((0, 179.5), (0, -179.5), 111),
    ],
)
def test_great_circle(a, b, km):
    assert great_circle_km(*a, *b) == pytest.approx(km, abs=10)


def test_distance_of_a_trio_is_that_of_the_farthest():
    eu = OrganisationFactory(latitude=0, longitude=0)
    near = PartnerOrganisationFactory(latitude=0, longitude=10)
    far = PartnerOrganisationFactory(latitude=0, longitude=20)
    PublishedPairingFactory(organisations=[eu, near, far])

    assert public_rows()[0].distance == 2220


def test_a_place_on_the_equator_counts():
    equator = PartnerOrganisationFactory(latitude=0.0, longitude=0.0)
    PublishedPairingFactory(organisations=[OrganisationFactory(), equator])

    assert public_rows()[0].is_on_map


# Remembering ----------------------------------------------------------------------------
def page():
    return Client().get(reverse("showcase:pairings")).content.decode()


CHANGES = {
    "status": lambda: Pairing.objects.update(status="cancelled"),
    "topics": lambda: Pairing.objects.get().topics.set([]),
    "member": lambda: PairingMember.objects.filter(order=0).delete(),
    "name": lambda: Organisation.objects.update(name=F("slug")),
    "place": lambda: Organisation.objects.update(latitude=1.5),
    "country": lambda: Country.objects.update(search_name="x"),
    "topic": lambda: Topic.objects.update(search_name="x"),
    "theme": ThemeFactory,
    "city": lambda: Organisation.objects.first().organisationcity_set.create(city=CityFactory()),
    "demo": lambda: Call.objects.update(origin="demo"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_the_public_reads_is_noted(change):
    RunningPairingFactory()
    before = version()

    change()

    assert version() != before


def test_what_the_public_does_not_read_is_not_noted():
    pairing = RunningPairingFactory()
    before = version()

    Pairing.objects.filter(pk=pairing.pk).update(reason="Both have a river.")
    Organisation.objects.update(capacity=5)

    assert version() == before


def test_a_change_that_is_taken_back_leaves_the_version():
    RunningPairingFactory()
    before = version()

    with transaction.atomic():
        Pairing.objects.update(status="cancelled")
        transaction.set_rollback(True)

    assert version() == before


def test_a_withdrawn_pairing_is_gone_from_the_next_page():
    pairing = RunningPairingFactory()
    assert pairing.slug in page()

    cancel_pairing(pairing=pairing, reason="The city withdrew.", by=CoordinatorFactory())

    assert pairing.slug not in page()
    answer = Client().get(reverse("showcase:pairings_json"))
    assert answer.json()["count"] == 0


def test_the_same_page_is_drawn_once(django_assert_num_queries):
    RunningPairingFactory.create_batch(3)
    page()

    with django_assert_num_queries(1):
        page()


def test_without_the_watch_nothing_is_remembered():
    pairing = RunningPairingFactory()
    watch.remove(connection)
    page()

    Pairing.objects.filter(pk=pairing.pk).update(status="cancelled")

    assert version() is None
    assert pairing.slug not in page()


def test_the_watch_can_be_set_twice_and_keeps_one_number():
    RunningPairingFactory()
    before = version()

    watch.install(connection)
    watch.install(connection)

    assert PublicChange.objects.count() == 1
    assert version() != before


def test_the_numbers_of_many_changes_become_one(monkeypatch):
    PublicChange.objects.all().delete()
    PublicChange.objects.bulk_create(PublicChange(id=-n, number=n) for n in range(1, 4))
    before = version()

    monkeypatch.setattr(tasks, "MANY", 3)
    tasks.sweep_changes()
    assert version() == before

    monkeypatch.setattr(tasks, "MANY", 2)
    tasks.sweep_changes()
    assert PublicChange.objects.count() == 1
    assert version() != before


def test_two_readers_make_a_part_once():
    listed = directory()
    made = []
    begun, go = threading.Event(), threading.Event()

    def make():
        made.append(1)
        begun.set()
        go.wait(5)
        return "part"

    readers = [threading.Thread(target=listed.remember, args=(("key",), make)) for _ in range(3)]
    readers[0].start()
    begun.wait(5)
    for reader in readers[1:]:
        reader.start()
    go.set()
    for reader in readers:
        reader.join(5)

    assert made == [1]


def test_memory_has_an_end(monkeypatch):
    monkeypatch.setattr(selectors, "LARGEST_MEMORY", 10)
    listed = selectors.Directory(None)
    for number in range(5):
        listed.remember((number,), lambda: "four")

    assert listed.remember((4,), lambda: "made anew") == "four"
    assert listed.remember((0,), lambda: "made anew") == "made anew"


@pytest.mark.parametrize("name", ["pairings_csv", "pairings_json", "pairings_geojson"])
def test_a_file_is_sent_again_only_when_it_changed(client, records, name):
    first = client.get(reverse(f"showcase:{name}"))
    again = client.get(reverse(f"showcase:{name}"), headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert "no-cache" in first["Cache-Control"]

    Pairing.objects.filter(pk=records[0].pk).update(status="cancelled")
    changed = client.get(reverse(f"showcase:{name}"), headers={"If-None-Match": first["ETag"]})

    assert changed.status_code == 200
    assert "lodz" not in changed.content.decode()


@pytest.mark.parametrize("name", ["pairings_csv", "pairings_json", "pairings_geojson"])
def test_a_file_of_a_wrong_filter_says_so_and_lists_nothing(client, records, name):
    answer = client.get(reverse(f"showcase:{name}"), {"europe": "XX", "q": "a" * 500})

    assert answer.status_code == 422
    assert sorted(answer.json()["errors"]) == ["europe", "q"]
    assert "lodz" not in answer.content.decode()


def test_a_file_is_packed_once_and_unpacks_to_the_same(client, records):
    address = reverse("showcase:pairings_json")
    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})

    assert gzip.decompress(packed.content) == plain.content
    assert packed["Content-Encoding"] == "gzip"
    assert packed["ETag"] != plain["ETag"]
    assert "Accept-Encoding" in packed["Vary"]


# Many -----------------------------------------------------------------------------------
@pytest.fixture
def many(records, monkeypatch):
    """The two records, on a map that draws no more than one pairing by itself."""
    monkeypatch.setattr("showcase.atlas.MOST_LINES", 1)
    monkeypatch.setattr("showcase.views.pairings.MOST_LINES", 1)
    return records


def test_too_many_pairings_are_drawn_as_countries(client, many):
    shown = client.get(reverse("showcase:pairings")).content.decode()

    assert "?europe=PL&amp;partner=IN" in shown
    assert "Poland and India: 1 pairing" in shown
    assert "?partner=JP" in shown
    # A row of the list lights the line of its countries.
    assert 'data-pair="PL-IN"' in shown
    assert "each line stands for all pairings of two countries" in shown


def test_few_of_many_are_drawn_by_themselves(client, many):
    shown = client.get(reverse("showcase:pairings"), {"partner": "IN"}).content.decode()

    assert f'data-pair="{many[0].slug}"' in shown
    assert "is-off" not in shown


def test_home_draws_too_many_pairings_as_countries(client, many):
    shown = client.get(reverse("showcase:home")).content.decode()

    assert shown.count("map-country") == 4
    assert "<dd>2</dd>" in shown


def test_countries_name_what_has_no_place(client, many):
    PublishedPairingFactory(
        organisations=[
            OrganisationFactory(name="Nowhere", latitude=None),
            PartnerOrganisationFactory(),
        ]
    )

    shown = client.get(reverse("showcase:pairings")).content.decode()

    assert "Not on the map, because they have no single place:" in shown
