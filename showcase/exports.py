"""The list of pairings as files: a table for spreadsheets, JSON, GeoJSON for maps."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from core.kit.tables import Column, Table
from programme.states import Origin
from showcase.selectors.rows import PairingRow, Party

ATTRIBUTION = "Coordinates: GeoNames, https://www.geonames.org, CC BY 4.0"


def _origin(row: PairingRow) -> str:
    return "published list" if row.origin == Origin.PUBLISHED else "portal"


def table_of(rows: Iterable[PairingRow], *, base_url: str) -> Table:
    """Return the rows as a table; its headings are names for programmes, in no language."""
    return Table(
        title="Pairings",
        columns=[
            Column("eu_city", lambda row: "; ".join(party.name for party in row.europe)),
            Column("eu_country", lambda row: _countries(row.europe)),
            Column("partner_city", lambda row: "; ".join(party.name for party in row.partners)),
            Column("partner_country", lambda row: _countries(row.partners)),
            Column("topics", lambda row: "; ".join(row.topics)),
            Column("distance_km", lambda row: row.distance),
            Column("place_is_approximate", lambda row: "yes" if row.is_approximate else ""),
            Column("origin", _origin),
            Column("started_on", lambda row: row.started_on),
            Column("page", lambda row: f"{base_url}{row.url}"),
        ],
        rows=rows,
    )


def _countries(parties: Sequence[Party]) -> str:
    return "; ".join(dict.fromkeys(party.country for party in parties))


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
