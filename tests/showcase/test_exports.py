import csv
import io
import json

import pytest

from core.kit.tables import csv_lines
from showcase import exports
from tests.factories.pairings import PublishedPairingFactory
from tests.factories.programme import (
    OrganisationFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
    TopicFactory,
)
from tests.showcase.lists import public_rows

pytestmark = pytest.mark.django_db
BASE = "https://iuc.example"


def lines(rows):
    return "".join(csv_lines(exports.table_of(rows, base_url=BASE)))


def read(text):
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_csv_has_one_row_per_pairing(lodz_and_panaji):
    (row,) = read(lines(public_rows()))

    assert row["eu_city"] == "Łódź"
    assert row["partner_country"] == "India"
    assert row["origin"] == "published list"
    assert row["started_on"] == ""
    assert row["page"] == "https://iuc.example/pairings/lodz-panaji-goa/"


def test_csv_guards_names_that_people_type():
    city = OrganisationFactory(name='=HYPERLINK("http://evil.example")')
    PublishedPairingFactory(organisations=[city, PartnerOrganisationFactory()])

    (row,) = read(lines(public_rows()))

    assert row["eu_city"].startswith("'=")


def test_json_lists_every_party_of_a_trio():
    japan = PartnerCountryFactory(code="JP", name="Japan")
    PublishedPairingFactory(
        organisations=[
            OrganisationFactory(name="Dubrovnik"),
            PartnerOrganisationFactory(name="Panaji-Goa"),
            PartnerOrganisationFactory(name="Ikoma", country=japan),
        ],
        topics=[TopicFactory(name="tourism")],
    )

    data = json.loads(json.dumps(exports.as_json(public_rows(), base_url=BASE)))

    assert data["count"] == 1
    assert "GeoNames" in data["attribution"]
    names = [party["name"] for party in data["pairings"][0]["parties"]]
    assert names == ["Dubrovnik", "Panaji-Goa", "Ikoma"]
    assert data["pairings"][0]["topics"] == ["tourism"]


def test_geojson_draws_a_pair_as_a_line(lodz_and_panaji):
    data = exports.as_geojson(public_rows(), base_url=BASE)

    (feature,) = data["features"]
    assert feature["geometry"] == {
        "type": "LineString",
        "coordinates": [[19.45, 51.77], [73.83, 15.49]],
    }
    assert feature["properties"]["parties"] == ["Łódź", "Panaji-Goa"]


def test_geojson_draws_a_trio_as_two_lines():
    PublishedPairingFactory(
        organisations=[
            OrganisationFactory(),
            PartnerOrganisationFactory(),
            PartnerOrganisationFactory(),
        ]
    )

    (feature,) = exports.as_geojson(public_rows(), base_url=BASE)["features"]

    assert feature["geometry"]["type"] == "MultiLineString"
    assert len(feature["geometry"]["coordinates"]) == 2


def test_geojson_without_a_place_has_no_geometry():
    city = OrganisationFactory(latitude=None)
    PublishedPairingFactory(organisations=[city, PartnerOrganisationFactory()])

    (feature,) = exports.as_geojson(public_rows(), base_url=BASE)["features"]

    assert feature["geometry"] is None
