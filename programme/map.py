"""Places on the map: the projection of static/img/map-land.svg, arcs and sections of it.

The land was drawn in the Natural Earth projection (T. Patterson, B. Jenny and B. Šavrič's
polynomial) with 12° East in the middle; the four numbers below place it on 1240 x 540.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

WIDTH, HEIGHT = 1240, 540
SCALE = 235.605
CENTRE_LONGITUDE = 12.0
ORIGIN_X, ORIGIN_Y = 626.57, 305.07
# How far an arc rises over the straight line, in shares of its length.
RISE = 0.2
EARTH_RADIUS_KM = 6371.0088


@dataclass(frozen=True)
class Point:
    """A place on the drawn map."""

    x: float
    y: float


@dataclass(frozen=True)
class Box:
    """A section of the drawn map."""

    x: float
    y: float
    width: float
    height: float

    @property
    def view_box(self) -> str:
        """Return the section as the viewBox of an SVG."""
        return f"{self.x:.1f} {self.y:.1f} {self.width:.1f} {self.height:.1f}"

    def holds(self, point: Point) -> bool:
        """Tell whether the place lies in the section."""
        return (
            self.x <= point.x <= self.x + self.width and self.y <= point.y <= self.y + self.height
        )


WORLD = Box(0, 0, WIDTH, HEIGHT)
# From Ireland and Portugal to the Black Sea and from Crete to Umeå, in the world's ratio:
# every paired city in Europe. The style sheet zooms to it (map.css, .map-scene).
EUROPE = Box(474, 38, 287, 125)


@dataclass(frozen=True)
class View:
    """A section of the world drawn at a size; type and points keep theirs."""

    section: Box = WORLD
    width: float = WIDTH
    height: float = HEIGHT

    @property
    def scale(self) -> float:
        """Return how much larger than on the world map things are drawn."""
        return self.width / self.section.width

    @property
    def view_box(self) -> str:
        """Return the viewBox of the drawing."""
        return f"0 0 {self.width:g} {self.height:g}"

    @property
    def transform(self) -> str:
        """Return the transform that puts the land into the section."""
        return f"scale({self.scale:.4f}) translate({-self.section.x:.1f} {-self.section.y:.1f})"

    def place(self, point: Point) -> Point:
        """Return where a place of the world map lies in the drawing."""
        return Point(
            round((point.x - self.section.x) * self.scale, 1),
            round((point.y - self.section.y) * self.scale, 1),
        )


def project(latitude: float, longitude: float) -> Point:
    """Return where a place lies on the drawn map."""
    turned = (longitude - CENTRE_LONGITUDE + 180) % 360 - 180
    lam, phi = radians(turned), radians(latitude)
    phi2 = phi * phi
    phi4 = phi2 * phi2
    x = lam * (
        0.8707 - 0.131979 * phi2 + phi4 * (-0.013791 + phi4 * (0.003971 * phi2 - 0.001529 * phi4))
    )
    y = phi * (
        1.007226 + phi2 * (0.015085 + phi4 * (-0.044475 + 0.028874 * phi2 - 0.005916 * phi4))
    )
    return Point(round(ORIGIN_X + SCALE * x, 1), round(ORIGIN_Y - SCALE * y, 1))


def _control(start: Point, end: Point) -> Point:
    """Return the point that bends the arc: beside its middle, on the northern side."""
    dx, dy = end.x - start.x, end.y - start.y
    side = -1 if dx >= 0 else 1
    return Point(
        round((start.x + end.x) / 2 - side * dy * RISE, 1),
        round((start.y + end.y) / 2 + side * dx * RISE, 1),
    )


def arc(start: Point, end: Point) -> str:
    """Return the path of an arc between two places."""
    bend = _control(start, end)
    return f"M{start.x:g} {start.y:g}Q{bend.x:g} {bend.y:g} {end.x:g} {end.y:g}"


def middle(start: Point, end: Point) -> Point:
    """Return the place half-way along the arc."""
    bend = _control(start, end)
    return Point(
        round((start.x + 2 * bend.x + end.x) / 4, 1),
        round((start.y + 2 * bend.y + end.y) / 4, 1),
    )


def box_around(points: Sequence[Point], *, ratio: float, margin: float, least: float = 120) -> Box:
    """Return the section that shows all places and the arcs between them.

    `ratio` is width by height, `margin` the share kept free on each side, `least` the
    smallest width. The section stays on the map as far as its size allows.
    """
    seen = list(points)
    seen += [middle(points[0], other) for other in points[1:]]
    left, right = min(p.x for p in seen), max(p.x for p in seen)
    top, bottom = min(p.y for p in seen), max(p.y for p in seen)
    width = max((right - left) * (1 + 2 * margin), least)
    height = max((bottom - top) * (1 + 2 * margin), width / ratio)
    width = max(width, height * ratio)
    x = (left + right - width) / 2
    y = (top + bottom - height) / 2
    if width <= WIDTH:
        x = min(max(x, 0), WIDTH - width)
    if height <= HEIGHT:
        y = min(max(y, 0), HEIGHT - height)
    return Box(round(x, 1), round(y, 1), round(width, 1), round(height, 1))


def great_circle_km(
    latitude_a: float, longitude_a: float, latitude_b: float, longitude_b: float
) -> float:
    """Return the shortest way over the globe between two points (haversine)."""
    a, b = radians(latitude_a), radians(latitude_b)
    half_latitude = (b - a) / 2
    half_longitude = radians(longitude_b - longitude_a) / 2
    chord = sin(half_latitude) ** 2 + cos(a) * cos(b) * sin(half_longitude) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(chord, 1.0)))
