import re
from pathlib import Path

import pytest

from programme import map as world
from programme.map import EUROPE, Box, Point, arc, box_around, middle, project

CSS = Path(__file__).parents[2] / "static" / "css" / "public" / "map.css"


@pytest.mark.parametrize(
    ("name", "latitude", "longitude", "x", "y"),
    [
        # Where the drawn land has these places.
        ("Zhengzhou", 34.75778, 113.64861, 969.3, 160.6),
        ("Umeå", 63.82842, 20.25972, 650.0, 44.7),
        ("Río Grande", -53.78769, -67.70946, 382.3, 527.2),
        ("Austin", 30.26715, -97.74306, 250.6, 179.3),
        ("Yokohama", 35.43333, 139.65, 1056.0, 157.7),
    ],
)
def test_project_fits_the_drawn_land(name, latitude, longitude, x, y):
    point = project(latitude, longitude)

    assert abs(point.x - x) < 0.2, name
    assert abs(point.y - y) < 0.2, name


def test_project_goes_on_beyond_the_date_line():
    assert project(0, 191).x > project(0, 190).x
    assert project(0, 193).x < project(0, -160).x


@pytest.mark.parametrize(
    ("start", "end", "bend"),
    [
        (Point(0, 100), Point(100, 100), "Q50 80"),
        (Point(100, 100), Point(0, 100), "Q50 80"),
    ],
)
def test_arc_bends_northwards(start, end, bend):
    assert bend in arc(start, end)


def test_arc_starts_and_ends_at_the_places():
    path = arc(Point(1.5, 2), Point(11.5, 22))

    assert path.startswith("M1.5 2Q")
    assert path.endswith(" 11.5 22")


def test_middle_lies_between_the_line_and_the_bend():
    assert middle(Point(0, 100), Point(100, 100)) == Point(50, 90)


def test_box_around_holds_the_places_and_stays_on_the_map():
    points = [Point(5, 20), Point(300, 200)]

    box = box_around(points, ratio=2, margin=0.2)

    assert all(box.holds(point) for point in points)
    assert box.x >= 0
    assert box.width == pytest.approx(2 * box.height, rel=0.01)


def test_box_around_one_spot_keeps_the_least_width():
    box = box_around([Point(600, 200), Point(601, 201)], ratio=2, margin=0.2, least=330)

    assert box.width == 330


def test_box_holds_tells_inside_from_outside():
    box = Box(10, 10, 10, 10)

    assert box.holds(Point(20, 10))
    assert not box.holds(Point(21, 10))


def test_style_sheet_zooms_to_europe():
    text = CSS.read_text()
    [zoom] = re.findall(r"--map-zoom: ([\d.]+);", text)
    x, y = re.search(
        r"scale\(var\(--map-zoom\)\) translate\(-([\d.]+)px, -([\d.]+)px\)", text
    ).groups()

    assert float(zoom) == pytest.approx(world.WIDTH / EUROPE.width, abs=0.001)
    assert (float(x), float(y)) == (EUROPE.x, EUROPE.y)
