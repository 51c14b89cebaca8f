import datetime as dt

import pytest

from pairings.models import Pairing
from pairings.selectors import (
    earlier_pairings,
    monitor_row,
    staff_pairings,
    timeline,
    topics_by_theme,
    with_parties,
)
from showcase.selectors.public import (
    distance_km,
    great_circle_km,
    map_arcs,
    public_pairings,
    public_themes,
)
from tests.factories.accounts import CoordinatorFactory
from tests.factories.pairings import (
    AcceptedPairingFactory,
    MilestoneFactory,
    MilestoneMoveFactory,
    PairingFactory,
    PublishedPairingFactory,
    RunningPairingFactory,
    SignatureFactory,
)
from tests.factories.programme import (
    CityFactory,
    CountryFactory,
    OrganisationFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
    ThemeFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)


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
        ({"search": "Lodz"}, [0]),
        ({"search": "ŁÓDŹ"}, [0]),
        ({"search": "kochi"}, [1]),
        ({"search": "japan"}, [1]),
        ({"search": "water"}, [0]),
        # Every word counts, wherever it is found.
        ({"search": "lodz water india"}, [0]),
        ({"search": "lodz port"}, []),
        ({"search": "  "}, [0, 1]),
        ({"search": "100%_"}, []),
        ({"eu_country": "PL"}, [0]),
        ({"eu_country": "pl"}, [0]),
        ({"eu_country": "IN"}, []),
        ({"partner_country": "JP"}, [1]),
        ({"theme": "ports"}, [1]),
        ({"theme": "nothing"}, []),
        ({"search": "lodz", "partner_country": "JP"}, []),
    ],
)
def test_public_pairings_are_found(records, filters, expected):
    found = set(public_pairings(**filters))
    assert found == {records[n] for n in expected}


def test_a_city_of_a_group_finds_the_group(records):
    group = records[0].eu_members[0].organisation
    group.organisationcity_set.create(city=CityFactory(name="Županja"))
    assert list(public_pairings(search="zupanja")) == [records[0]]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("eu", [1, 0]),
        ("-eu", [0, 1]),
        ("partner", [1, 0]),
        ("-partner", [0, 1]),
        ("eu_country", [1, 0]),
        ("-partner_country", [1, 0]),
        ("newest", [1, 0]),
        ("-newest", [0, 1]),
        ("nonsense; drop table", [1, 0]),
    ],
)
def test_public_pairings_are_sorted(records, sort, expected):
    assert list(public_pairings(sort=sort)) == [records[n] for n in expected]


def test_the_public_sees_no_proposal(db):
    hidden = {"proposed", "accepted", "declined", "cancelled"}
    for status in (*hidden, "published", "running", "completed"):
        PairingFactory(status=status, slug=status)
    shown = {pairing.status for pairing in public_pairings()}
    assert shown == {"published", "running", "completed"}


@pytest.mark.parametrize("number", [1, 3])
def test_public_pairings_take_three_queries(number, django_assert_num_queries):
    for _n in range(number):
        PublishedPairingFactory()
    with django_assert_num_queries(3):
        arcs = map_arcs(public_pairings(search="city", theme=""))
    assert len(arcs) == number


def test_filters_offer_what_there_is(records):
    PairingFactory()
    ThemeFactory(slug="unused")
    assert {t.slug for t in public_themes()} == {"water", "ports"}


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


def fetched(pairing):
    return with_parties(Pairing.objects.filter(pk=pairing.pk)).get()


def test_distance_of_a_trio_is_that_of_the_farthest(db):
    eu = OrganisationFactory(latitude=0, longitude=0)
    near = PartnerOrganisationFactory(latitude=0, longitude=10)
    far = PartnerOrganisationFactory(latitude=0, longitude=20)
    pairing = fetched(PublishedPairingFactory(organisations=[eu, near, far]))
    assert len(map_arcs([pairing])) == 2
    assert distance_km(pairing) == 2224


def test_distance_without_a_place(db):
    nowhere = PartnerOrganisationFactory(latitude=None, longitude=None)
    pairing = fetched(PublishedPairingFactory(organisations=[OrganisationFactory(), nowhere]))
    assert distance_km(pairing) is None
    assert map_arcs([pairing]) == []


def test_a_place_on_the_equator_counts(db):
    equator = PartnerOrganisationFactory(latitude=0.0, longitude=0.0)
    pairing = fetched(PublishedPairingFactory(organisations=[OrganisationFactory(), equator]))
    assert len(map_arcs([pairing])) == 1


def test_earlier_pairings_need_both_sides(db):
    eu, other = OrganisationFactory(), OrganisationFactory()
    partner = PartnerOrganisationFactory()
    trio = PublishedPairingFactory(organisations=[eu, other, PartnerOrganisationFactory()])
    met = PairingFactory(organisations=[eu, partner], status="declined")
    PairingFactory(organisations=[other, partner])
    assert trio not in earlier_pairings([eu, other, partner])
    assert earlier_pairings([eu, other, partner]) == [met]


# Steps and monitor ----------------------------------------------------------------------


def row(pairing):
    user = CoordinatorFactory()
    return monitor_row(staff_pairings(user=user).get(pk=pairing.pk), TODAY)


def kinds(pairing):
    shown = row(pairing)
    return [shown.eu.kind, shown.partner.kind, shown.agreement.kind, shown.next.kind]


def at(day):
    return dt.datetime(2026, 11, day, 16, tzinfo=dt.UTC)


def test_monitor_of_a_proposal(db):
    pairing = PairingFactory(accept_by=at(30))
    assert kinds(pairing) == ["soon", "soon", "none", "none"]
    assert row(pairing).eu.shown == "6"
    pairing.members.filter(side="eu").update(answer="accepted")
    Pairing.objects.filter(pk=pairing.pk).update(accept_by=at(20))
    assert kinds(pairing) == ["done", "over", "none", "none"]
    assert (row(pairing).partner.shown, row(pairing).partner.said) == ("+4", "4 days overdue")
    pairing.members.filter(side="partner").update(answer="declined")
    assert kinds(pairing)[1] == "out"


def test_monitor_of_an_agreement_and_a_running_one(db):
    accepted = AcceptedPairingFactory(sign_by=at(24) + dt.timedelta(days=30))
    assert kinds(accepted) == ["done", "done", "later", "none"]
    running = RunningPairingFactory()
    MilestoneFactory(pairing=running, title="Done", done_at=at(1), due_on=dt.date(2026, 11, 1))
    MilestoneFactory(pairing=running, title="Draft", due_on=dt.date(2026, 11, 22))
    MilestoneFactory(pairing=running, title="Final", due_on=dt.date(2027, 11, 22))
    assert kinds(running) == ["done", "done", "done", "over"]
    assert row(running).next_title == "Draft"
    assert kinds(PublishedPairingFactory()) == ["none", "none", "none", "none"]


def test_timeline_of_a_running_pairing(db):
    pairing = RunningPairingFactory(
        started_on=dt.date(2026, 3, 5), ends_on=dt.date(2027, 9, 5), organisations=None
    )
    MilestoneFactory(pairing=pairing, title="Kick-off", due_on=dt.date(2026, 4, 5), done_at=at(1))
    MilestoneFactory(pairing=pairing, title="Draft", due_on=dt.date(2026, 12, 11))
    final = MilestoneFactory(pairing=pairing, title="Final", due_on=dt.date(2027, 9, 5))
    MilestoneMoveFactory(milestone=final, reason="Elections")
    steps = [(s.date, s.title, s.text, s.state) for s in timeline(pairing, TODAY)]
    assert steps == [
        ("5 Mar 2026", "Agreement signed by all", "The clock starts.", "done"),
        ("5 Apr 2026", "Kick-off", "", "done"),
        ("11 Dec 2026", "Draft", "In 17 days", "now"),
        ("5 Sep 2027", "Final", "In 285 days. Moved: Elections", ""),
        ("5 Sep 2027", "The cooperation ends", "", ""),
    ]


def test_timeline_before_the_start(db):
    pairing = AcceptedPairingFactory(proposed_at=at(2), accept_by=at(20), sign_by=at(30))
    SignatureFactory(member=pairing.members.first())
    steps = [(s.date, s.title, s.text, s.state) for s in timeline(pairing, TODAY)]
    assert steps == [
        ("2 Nov 2026", "Proposed", "", "done"),
        ("20 Nov 2026", "All cities accept", "2 of 2", "done"),
        ("30 Nov 2026", "All cities sign the agreement", "1 of 2", "now"),
        ("", "The cooperation starts", "With the last signature.", ""),
    ]
    assert timeline(PublishedPairingFactory(), TODAY) == []


def test_topics_stand_once_under_the_first_theme(db):
    water, ports = ThemeFactory(order=1), ThemeFactory(order=2)
    both = TopicFactory(name="b", themes=[water, ports])
    alone = TopicFactory(name="a", themes=[water])
    none = TopicFactory(name="c")
    assert topics_by_theme([ports]) == [(ports, [both]), (water, [alone]), (None, [none])]
