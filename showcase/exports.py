"""The list of pairings as files: CSV for spreadsheets, JSON, GeoJSON for maps."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from programme.states import Origin
from showcase.selectors.pairings import PairingRow, Party

ATTRIBUTION = "Coordinates: GeoNames, https://www.geonames.org, CC BY 4.0"
COLUMNS = (
    "eu_city",
    "eu_country",
    "partner_city",
    "partner_country",
    "topics",
    "distance_km",
    "place_is_approximate",
    "origin",
    "started_on",
    "page",
)
# With one of these first, a spreadsheet takes a cell for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(value: object) -> str:
    """Return a value as text that no spreadsheet runs as a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def _origin(row: PairingRow) -> str:
    return "published list" if row.origin == Origin.PUBLISHED else "portal"


def as_csv(rows: Iterable[PairingRow], *, base_url: str) -> str:
    """Return the rows as CSV with a byte order mark, so that spreadsheets read UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        values = (
            "; ".join(party.name for party in row.europe),
            "; ".join(dict.fromkeys(party.country for party in row.europe)),
            "; ".join(party.name for party in row.partners),
            "; ".join(dict.fromkeys(party.country for party in row.partners)),
            "; ".join(row.topics),
            row.distance,
            "yes" if row.is_approximate else "",
            _origin(row),
            row.started_on.isoformat() if row.started_on else "",
            f"{base_url}{row.url}",
        )
        writer.writerow([safe_cell(value) for value in values])
    return "\ufeff" + out.getvalue()


def _party(party: Party) -> dict[str, Any]:
    return {
        "name": party.name,
        "side": party.side,
        "country": party.country,
        "country_code": party.country_code,
        "latitude": party.latitude,
        "longitude": party.longitude,
        "place_is_approximate": party.is_approximate,
        "approximate_place": party.stand_in.place if party.stand_in else None,
    }


def _facts(row: PairingRow, base_url: str) -> dict[str, Any]:
    return {
        "name": row.name,
        "topics": list(row.topics),
        "themes": sorted(row.themes),
        "distance_km": row.distance,
        "origin": _origin(row),
        "started_on": row.started_on.isoformat() if row.started_on else None,
        "page": f"{base_url}{row.url}",
    }


def as_json(rows: Sequence[PairingRow], *, base_url: str) -> dict[str, Any]:
    """Return the rows with their parties as an object for JSON."""
    return {
        "title": _("City pairings"),
        "attribution": ATTRIBUTION,
        "count": len(rows),
        "pairings": [
            {**_facts(row, base_url), "parties": [_party(party) for party in row.parties]}
            for row in rows
        ],
    }


def _geometry(row: PairingRow) -> dict[str, Any] | None:
    if not row.is_on_map:
        return None
    first, *others = ([party.longitude, party.latitude] for party in row.placed)
    if len(others) == 1:
        return {"type": "LineString", "coordinates": [first, others[0]]}
    return {"type": "MultiLineString", "coordinates": [[first, other] for other in others]}


def as_geojson(rows: Sequence[PairingRow], *, base_url: str) -> dict[str, Any]:
    """Return the rows as lines from the first party to each other (RFC 7946)."""
    return {
        "type": "FeatureCollection",
        "attribution": ATTRIBUTION,
        "features": [
            {
                "type": "Feature",
                "id": row.slug,
                "geometry": _geometry(row),
                "properties": {
                    **_facts(row, base_url),
                    "parties": [party.name for party in row.parties],
                    "place_is_approximate": row.is_approximate,
                },
            }
            for row in rows
        ],
    }
