from dataclasses import replace

import pytest

from showcase.atlas import pair_map, world_atlas
from tests.factories.pairings import PublishedPairingFactory
from tests.factories.programme import OrganisationFactory, PartnerOrganisationFactory
from tests.showcase.lists import public_rows

pytestmark = pytest.mark.django_db


def test_world_atlas_draws_one_arc_per_pair(lodz_and_panaji, genoa_and_rosario):
    atlas = world_atlas(public_rows())

    assert [len(pair.arcs) for pair in atlas.pairs] == [1, 1]
    assert all(pair.is_on for pair in atlas.pairs)
    assert not atlas.is_filtered
    assert {label.text for label in atlas.labels} == {"Panaji-Goa", "Rosario"}
    assert {label.text for label in atlas.europe_labels} == {"Łódź", "Genoa"}


def test_world_atlas_draws_a_trio_with_two_arcs():
    PublishedPairingFactory(
        organisations=[
            OrganisationFactory(),
            PartnerOrganisationFactory(),
            PartnerOrganisationFactory(latitude=35.0, longitude=139.0),
        ]
    )

    (pair,) = world_atlas(public_rows()).pairs

    assert len(pair.arcs) == 2
    assert len(pair.dots) == 3


def test_world_atlas_zooms_to_what_is_shown(lodz_and_panaji, genoa_and_rosario):
    rows = public_rows()
    shown = [row for row in rows if row.slug == "lodz-panaji-goa"]

    atlas = world_atlas(rows, shown=shown)

    assert atlas.is_filtered
    assert atlas.view.scale > 1
    # What is lit lies on top.
    assert [pair.is_on for pair in atlas.pairs] == [False, True]
    assert {label.text for label in atlas.labels} == {"Łódź", "Panaji-Goa"}


def test_world_atlas_of_nothing_found_stays_the_world(lodz_and_panaji):
    atlas = world_atlas(public_rows(), shown=[])

    assert atlas.view.scale == 1
    assert not any(pair.is_on for pair in atlas.pairs)


def test_world_atlas_names_what_it_cannot_draw():
    city = OrganisationFactory(latitude=None)
    pairing = PublishedPairingFactory(organisations=[city, PartnerOrganisationFactory()])

    atlas = world_atlas(public_rows())

    assert atlas.pairs == []
    assert [row.slug for row in atlas.unplaced] == [pairing.slug]


def test_world_atlas_of_an_empty_portal_is_empty():
    atlas = world_atlas([])

    assert (atlas.pairs, atlas.labels, atlas.approximate) == ([], [], [])


def test_pair_map_holds_both_points(lodz_and_panaji):
    view, pair = pair_map(public_rows()[0], width=400, height=200)

    assert all(0 <= dot.point.x <= 400 and 0 <= dot.point.y <= 200 for dot in pair.dots)
    # It goes east: the distance stands to the right of the arc's middle.
    assert (pair.distance_anchor, pair.distance_shift) == ("start", 0.8)
    assert view.view_box == "0 0 400 200"


def test_pair_map_without_places_is_none():
    city = OrganisationFactory(latitude=None)
    PublishedPairingFactory(organisations=[city, PartnerOrganisationFactory()])

    assert pair_map(public_rows()[0], width=400, height=200) is None


def test_name_near_the_upper_edge_stands_below_its_point(lodz_and_panaji):
    (row,) = public_rows()
    (_view, roomy), (_flat, tight) = (
        pair_map(row, width=720, height=400, margin=margin) for margin in (0.5, 0.05)
    )
    assert [dot.has_name_below for dot in roomy.dots] == [False, True]
    assert [dot.has_name_below for dot in tight.dots] == [True, True]


def test_dot_says_its_side_and_whether_the_filters_left_it_out(lodz_and_panaji, genoa_and_rosario):
    rows = public_rows()

    pairs = world_atlas(rows, shown=[row for row in rows if row.slug == "lodz-panaji-goa"]).pairs

    assert [[dot.classes for dot in pair.dots] for pair in pairs] == [
        ["map-city is-off", "map-partner is-off"],
        ["map-city", "map-partner"],
    ]


def test_dot_of_a_stand_in_looks_approximate(lodz_and_panaji):
    _view, pair = pair_map(public_rows()[0], width=400, height=200)

    assert replace(pair.dots[1], is_approximate=True).classes == "map-partner is-about"


def test_name_on_the_map_of_one_pairing_stands_inside_its_arc(lodz_and_panaji):
    _view, pair = pair_map(public_rows()[0], width=400, height=200)

    west, east = pair.dots
    assert (west.anchor, west.near_anchor, west.near_shift) == ("end", "start", (-0.5, -1.0))
    assert (east.anchor, east.near_anchor, east.near_shift) == ("start", "end", (0.5, 1.7))
