"""Stand-ins on the map for published bodies that are no single place.

They are for drawing alone: no coordinates are written into the organisation's record.
The coordinates are those of GeoNames (CC BY 4.0).
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "approximate_places.csv"


@dataclass(frozen=True)
class StandIn:
    """The place that marks a body on the map, and why this one."""

    place: str
    latitude: float
    longitude: float
    time_zone: str
    why: str


@cache
def stand_ins() -> dict[tuple[str, str], StandIn]:
    """Return the stand-ins by published name and country code."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {
            (row["name"], row["country"]): StandIn(
                place=row["place"],
                latitude=float(row["lat"]),
                longitude=float(row["lon"]),
                time_zone=row["timezone"],
                why=row["why"],
            )
            for row in csv.DictReader(file)
        }
