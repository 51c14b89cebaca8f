"""The public pages on the programme's real data."""

import re

import pytest
from django.core.management import call_command
from django.urls import reverse

from programme.map import EUROPE
from showcase.atlas import world_atlas
from tests.showcase.lists import public_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(db, few_names):
    call_command("load_programme", verbosity=0)


def test_published_pairings_are_55_with_55_arcs(client, programme):
    page = client.get(reverse("showcase:pairings")).content.decode()

    assert '<span class="number">55</span> pairings' in page
    assert page.count('class="map-arc"') == 55
    assert len(re.findall(r'<a class="map-pair"', page)) == 55
    assert "3 places are approximate" in page
    assert "Not on the map" not in page

    home = client.get(reverse("showcase:home")).content.decode()
    assert re.findall(r"<dd>(\d+)</dd>", home) == ["108", "55", "9"]

    atlas = world_atlas(public_rows())
    europe = [party.point for pair in atlas.pairs for party in pair.row.europe]
    assert len(europe) == 55
    assert all(EUROPE.holds(point) for point in europe)
    assert {party.name.split(" (")[0] for party in atlas.approximate} == {
        "South Delhi Municipal Corporation",
        "Consórcio ABC",
        "West Athens",
    }
