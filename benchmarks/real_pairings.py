"""`python -m benchmarks.real_pairings > instance.json`: the 55 published pairings as an instance.

Each city looks for a partner on the topics of its pairings; what the pairing was in truth is
not told to the engine. Nothing is invented: populations are the undated reference figures,
needs and offers stay empty. `manage.py match --input instance.json` then shows what the
engine would have proposed.
"""

import csv
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent / "programme" / "data"


def build(rows: list[dict[str, str]] | None = None) -> dict[str, Any]:
    """Return the instance of all published pairings, or of some rows of them."""
    populations: dict[str, int] = defaultdict(int)
    for row in read("cities.csv"):
        if row["population"]:
            populations[row["seed_name"]] += int(row["population"])
    sides: dict[str, dict[str, dict[str, Any]]] = {"left": {}, "right": {}}
    for row in read("pairings.csv") if rows is None else rows:
        for side, prefix in (("left", "eu"), ("right", "partner")):
            name = row[f"{prefix}_city"]
            city = sides[side].setdefault(
                name,
                {
                    "id": name,
                    "country": row[f"{prefix}_country"],
                    "capacity": 0,
                    "population": populations.get(name),
                    "topics": [],
                },
            )
            city["capacity"] += 1
            city["topics"] = sorted({*city["topics"], *row["topics"].split(";")})
    return {side: list(cities.values()) for side, cities in sides.items()}


def read(name: str) -> list[dict[str, str]]:
    """Return the rows of a data file."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    json.dump(build(), sys.stdout, ensure_ascii=False, indent=1)
