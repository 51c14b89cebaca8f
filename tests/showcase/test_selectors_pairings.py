import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine

from pairings.states import PairingStatus
from programme.states import Origin
from showcase.selectors import pairings as selectors
from showcase.selectors.directory import directory
from tests.factories.pairings import (
    PairingFactory,
    PublishedPairingFactory,
    RunningPairingFactory,
)
from tests.factories.programme import (
    CallFactory,
    OrganisationFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
    TopicFactory,
)
from tests.showcase.lists import public_rows
from tests.showcase.lists import slugs as found

pytestmark = pytest.mark.django_db


def row_of(pairing):
    return selectors.public_row(pairing.slug)[0]


def test_public_rows_hold_published_and_running(lodz_and_panaji):
    running = RunningPairingFactory()

    slugs = {row.slug for row in public_rows()}

    assert slugs == {"lodz-panaji-goa", running.slug}


@pytest.mark.parametrize("status", [PairingStatus.PROPOSED, PairingStatus.CANCELLED])
def test_public_rows_leave_out_what_is_not_public(status):
    PairingFactory(status=status)

    assert public_rows() == []


def test_public_rows_leave_out_demo_pairings():
    RunningPairingFactory(call=CallFactory(origin=Origin.DEMO))
    RunningPairingFactory(origin=Origin.DEMO)

    assert public_rows() == []


def test_public_rows_show_a_running_pairing_in_place_of_its_published_record(lodz_and_panaji):
    organisations = [member.organisation for member in lodz_and_panaji.members.all()]
    running = RunningPairingFactory(organisations=organisations)

    assert [row.slug for row in public_rows()] == [running.slug]


def test_public_row_of_unknown_slug_is_none():
    assert selectors.public_row("nowhere") is None


def test_row_names_its_parties_europe_first(lodz_and_panaji):
    row = row_of(lodz_and_panaji)

    assert row.name == "Łódź and Panaji-Goa"
    assert row.europe_countries == ["Poland"]
    assert row.partner_countries == ["India"]
    assert row.topic_line == "Trams and buses"


def test_row_of_a_trio_names_all_and_takes_the_longest_way():
    far = PartnerOrganisationFactory(name="Far", latitude=-40.0, longitude=170.0)
    near = PartnerOrganisationFactory(name="Near", latitude=43.0, longitude=19.0)
    city = OrganisationFactory(name="Dubrovnik")
    trio = PublishedPairingFactory(organisations=[city, near, far])

    row = row_of(trio)

    assert row.name == "Dubrovnik, Near and Far"
    assert row.distance > 15000
    assert row.is_on_map


def test_row_distance_is_rounded_to_ten_kilometres():
    city = OrganisationFactory(latitude=42.64125, longitude=18.10909)
    partner = PartnerOrganisationFactory(latitude=15.49574, longitude=73.82624)

    assert row_of(PublishedPairingFactory(organisations=[city, partner])).distance == 6060


def test_row_without_a_place_has_no_distance_and_no_arc():
    city = OrganisationFactory(latitude=None, longitude=None)
    pairing = PublishedPairingFactory(organisations=[city, PartnerOrganisationFactory()])

    row = row_of(pairing)

    assert row.distance is None
    assert not row.is_on_map


def test_published_body_without_a_place_gets_its_stand_in():
    body = PartnerOrganisationFactory(
        name="South Delhi Municipal Corporation (SDMC)",
        origin=Origin.PUBLISHED,
        latitude=None,
        longitude=None,
    )
    row = row_of(PublishedPairingFactory(organisations=[OrganisationFactory(), body]))

    assert row.is_approximate
    assert row.is_on_map
    assert row.partners[0].stand_in.place == "Delhi"
    assert row.partners[0].short_name == "South Delhi Municipal Corporation"
    body.refresh_from_db()
    assert body.latitude is None


def test_portal_body_of_the_same_name_gets_no_stand_in():
    body = PartnerOrganisationFactory(
        name="South Delhi Municipal Corporation (SDMC)", latitude=None, longitude=None
    )
    row = row_of(PublishedPairingFactory(organisations=[OrganisationFactory(), body]))

    assert not row.is_on_map


@pytest.mark.parametrize(
    ("filters", "slugs"),
    [
        ({}, ["genoa-rosario", "lodz-panaji-goa"]),
        ({"text": "Lodz"}, ["lodz-panaji-goa"]),
        ({"text": "TRAMS poland"}, ["lodz-panaji-goa"]),
        ({"text": "nothing"}, []),
        ({"europe": "IT"}, ["genoa-rosario"]),
        ({"partner": "IN"}, ["lodz-panaji-goa"]),
        ({"theme": "energy"}, ["genoa-rosario"]),
        ({"theme": "energy", "partner": "IN"}, []),
        ({"sort": "partner"}, ["lodz-panaji-goa", "genoa-rosario"]),
        ({"sort": "-eu"}, ["lodz-panaji-goa", "genoa-rosario"]),
        ({"sort": "distance"}, ["lodz-panaji-goa", "genoa-rosario"]),
        ({"sort": "-distance"}, ["genoa-rosario", "lodz-panaji-goa"]),
    ],
)
def test_find(lodz_and_panaji, genoa_and_rosario, filters, slugs):
    assert found(**filters) == slugs


@pytest.mark.parametrize("sort", ["distance", "-distance"])
def test_order_without_distance_come_last(lodz_and_panaji, sort):
    placeless = PublishedPairingFactory(
        organisations=[OrganisationFactory(latitude=None), PartnerOrganisationFactory()]
    )
    assert found(sort=sort)[-1] == placeless.slug


def test_country_choices_are_those_of_a_side(lodz_and_panaji, genoa_and_rosario):
    listed = directory()

    assert listed.europe_choices == [("IT", "Italy"), ("PL", "Poland")]
    assert listed.partner_choices == [("AR", "Argentina"), ("IN", "India")]


def test_numbers_count_a_city_with_two_pairings_once(lodz_and_panaji):
    lodz = lodz_and_panaji.members.first().organisation
    PublishedPairingFactory(organisations=[lodz, PartnerOrganisationFactory()])

    numbers = directory().numbers

    assert (numbers.cities, numbers.pairings, numbers.partner_countries) == (3, 2, 1)


def test_theme_counts_count_a_pairing_once_per_theme(lodz_and_panaji, genoa_and_rosario):
    theme = lodz_and_panaji.topics.first().themes.first()
    lodz_and_panaji.topics.add(TopicFactory(themes=[theme]))

    counts = {entry.slug: n for entry, n in directory().theme_counts}

    assert counts == {"urban-mobility": 1, "energy": 1}


def test_latest_rows_are_those_with_a_start(lodz_and_panaji):
    old = RunningPairingFactory(started_on=dt.date(2025, 1, 1))
    new = RunningPairingFactory(started_on=dt.date(2026, 1, 1))

    assert directory().latest() == [new.pk, old.pk]


def test_rows_of_the_day_have_different_countries(lodz_and_panaji, genoa_and_rosario):
    PublishedPairingFactory()
    listed = directory()

    chosen = listed.rows(listed.of_the_day(dt.date(2026, 11, 22)))

    assert {row.partners[0].country_code for row in chosen} == {"AR", "IN"}
    assert len(chosen) == 2


def test_rows_of_the_day_of_an_empty_list_are_none():
    assert directory().of_the_day(dt.date(2026, 11, 22)) == []


def test_neighbours_share_a_theme(lodz_and_panaji, genoa_and_rosario):
    other = PublishedPairingFactory(topics=list(lodz_and_panaji.topics.all()))
    assert directory().neighbours(row_of(lodz_and_panaji)) == [other.pk]


def test_clocks_say_how_far_ahead_the_partner_is(lodz_and_panaji):
    now = dt.datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("UTC"))

    first, second = selectors.clocks(row_of(lodz_and_panaji), now)

    assert (first.time, first.ahead) == ("13:00", "")
    assert (second.time, second.ahead) == ("17:30", "4:30 h ahead")


@pytest.mark.parametrize(
    ("zone", "ahead"), [("America/Montreal", "6 h behind"), ("Europe/Paris", "same time")]
)
def test_clocks_say_behind_and_same(zone, ahead):
    canada = PartnerCountryFactory(code="CA", name="Canada")
    partner = PartnerOrganisationFactory(country=canada, time_zone=zone)
    row = row_of(PublishedPairingFactory(organisations=[OrganisationFactory(), partner]))

    with time_machine.travel("2026-11-22T12:00:00+00:00", tick=False):
        clocks = selectors.clocks(row, dt.datetime.now(dt.UTC))

    assert clocks[1].ahead == ahead


@pytest.mark.parametrize("zone", ["", "Moon/Crater"])
def test_clocks_leave_out_unknown_time_zones(zone):
    city = OrganisationFactory(time_zone=zone)
    row = row_of(PublishedPairingFactory(organisations=[city, PartnerOrganisationFactory()]))

    assert len(selectors.clocks(row, dt.datetime.now(dt.UTC))) == 1


def test_row_names_its_sides(lodz_and_panaji):
    row = row_of(lodz_and_panaji)

    assert (row.europe_names, row.partner_names) == ("Łódź", "Panaji-Goa")
