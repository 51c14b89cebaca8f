"""What another number of inhabitants would mean, on the places of the register."""

import pytest
from django.urls import reverse

from programme.calls.forms.simulator import TryForm
from programme.calls.selectors import effect_of, simulate
from tests.factories.accounts import CoordinatorFactory, ObserverFactory
from tests.factories.applications import MunicipalityFactory, SubmittedApplicationFactory
from tests.factories.programme import (
    CallFactory,
    CityFactory,
    CountryFactory,
    PartnerCountryFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def places(settings):
    settings.DEMO = True
    croatia = CountryFactory(is_eu_member=True)
    india = PartnerCountryFactory()
    for figure in (150_000, 100_001, 100_000, 60_000, 50_000, None):
        CityFactory(country=croatia, reference_population=figure)
    CityFactory(country=india, reference_population=2_000_000, latitude=None)
    return croatia, india


@pytest.mark.parametrize(
    ("strict", "now", "tried"), [(True, 3, 5), (False, 4, 6)], ids=["more than", "at least"]
)
def test_exactly_the_number_is_as_the_rule_says(places, strict, now, tried):
    found = simulate(now=100_000, tried=50_000, strict=strict)

    assert (found.places, found.now, found.tried) == (6, now, tried)
    assert (found.eu_places, found.eu_now, found.eu_tried) == (5, now - 1, tried - 1)


def test_a_call_without_a_number_lets_all_pass(places):
    assert simulate(now=None, tried=100_000, strict=True).now == 6


def test_countries_are_counted_and_sorted(places):
    croatia, india = places
    found = simulate(now=100_000, tried=50_000, strict=True)

    assert [(row.name, row.now, row.tried) for row in found.countries] == [
        (croatia.name, 2, 4),
        (india.name, 1, 1),
    ]
    assert sum(row.places for row in found.countries) == found.places


def test_partner_side_passes_whatever_its_size(places, client):
    _croatia, india = places
    CityFactory(country=india, reference_population=70_000, latitude=15.5, longitude=73.8)
    CityFactory(country=india, reference_population=20_000, latitude=15.3, longitude=74.1)
    before = simulate(now=100_000, tried=50_000, strict=True)
    found = simulate(now=100_000, tried=50_000, strict=True, unmeasured={india.code})

    rows = {row.code: (row.places, row.now, row.tried) for row in found.countries}
    assert rows[india.code] == (3, 3, 3)
    assert (before.now, before.tried) == (3, 6)
    assert (found.places, found.now, found.tried) == (8, 5, 7)
    assert (found.eu_now, found.eu_tried) == (before.eu_now, before.eu_tried)
    assert [found.dots.both.count("M"), found.dots.other.count("M")] == [4, 2]
    assert [before.dots.both.count("M"), before.dots.other.count("M")] == [2, 3]


@pytest.mark.parametrize(("side", "is_said"), [("eu", False), ("both", True), ("partner", True)])
def test_page_says_of_whom_no_number_is_asked(places, client, side, is_said):
    call = CallFactory(applicant_side=side)
    call.partner_countries.set([places[1]])
    client.force_login(CoordinatorFactory())
    page = client.get(reverse("calls:staff_simulator", args=[call.slug])).content.decode()
    words = f"all places of these countries pass in both cases: {places[1].name}."
    assert (words in " ".join(page.split())) == is_said
    assert (
        "Every country of the register is counted, also those that this call does not take." in page
    )


def test_dots_are_those_that_pass_and_have_a_place(places):
    dots = simulate(now=100_000, tried=50_000, strict=True).dots

    assert dots.both.count("M") == dots.eu_both.count("M") == 2
    assert dots.other.count("M") == dots.eu_other.count("M") == 2


def test_a_higher_number_shows_who_falls_out(places):
    found = simulate(now=100_000, tried=120_000, strict=True)

    assert (found.change, found.dots.other.count("M")) == (-1, 1)


def test_the_register_is_read_once(places, django_assert_num_queries):
    simulate(now=100_000, tried=50_000, strict=True)
    with django_assert_num_queries(2):
        simulate(now=100_000, tried=70_000, strict=True)


@pytest.mark.parametrize(
    ("sent", "number"),
    [
        ({}, 50_000),
        ({"tried": "70,000", "slide": "50000", "was": "50000"}, 70_000),
        ({"tried": "50,000", "slide": "80000", "was": "50000"}, 80_000),
        ({"tried": "51,234", "slide": "51000", "was": "51234"}, 51_234),
        ({"tried": "seventy", "slide": "50000", "was": "50000"}, 50_000),
        ({"tried": "1,000,000", "slide": "200000", "was": "1000000"}, 1_000_000),
    ],
)
def test_the_number_typed_or_slid_counts(sent, number):
    assert TryForm(sent or None).number == number


def test_what_it_would_mean_for_what_was_sent():
    call = CallFactory(min_population=100_000)
    for status, total in (("ineligible", 60_000), ("ineligible", 10_000), ("eligible", 70_000)):
        application = SubmittedApplicationFactory(call=call)
        type(application).objects.filter(pk=application.pk).update(status=status)
        application.municipalities.all().delete()
        MunicipalityFactory(application=application, population=total)

    facts = dict(effect_of(call, 50_000).facts)
    assert facts["Refused applications"] == "1 of 2 would have had enough inhabitants"
    assert facts["Exceptions"] == "1 would not have been needed"
    assert facts["Sent applications"] == "0 of 3 would no longer have enough"


def test_the_page_and_its_table(places, client):
    client.force_login(CoordinatorFactory())
    url = reverse("calls:staff_simulator", args=[CallFactory().slug])
    page = client.get(url, {"tried": "50,000"}).content.decode()
    assert "more than 50,000" in " ".join(page.split())

    table = client.get(url, {"tried": "50000", "format": "csv"})
    assert table["Content-Disposition"] == 'attachment; filename="more-than-50000.csv"'
    assert table.content.decode().count("\r\n") == 3


def test_what_may_be_tried_is_offered(places, client):
    call = CallFactory()
    client.force_login(CoordinatorFactory())

    page = client.get(reverse("calls:staff_simulator", args=[call.slug])).content.decode()

    assert reverse("calls:staff_call_deadline", args=[call.slug]) in page
    assert reverse("calls:staff_call", args=[call.slug]) + "#applicants" in page


def test_who_only_looks_is_not_sent_to_move_the_deadline(places, client):
    call = CallFactory()
    client.force_login(ObserverFactory())

    page = client.get(reverse("calls:staff_simulator", args=[call.slug])).content.decode()

    assert reverse("calls:staff_call_deadline", args=[call.slug]) not in page
