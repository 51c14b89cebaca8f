"""The parts of the font, and which page loads which."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings

BASE = Path(settings.BASE_DIR)
SHEET = (BASE / "static/css/fonts.css").read_text()
FACES = {
    file: letters.replace("\n", " ")
    for file, letters in re.findall(
        r"url\(\.\./vendor/([^)]+)\).*?unicode-range: ([^;]+);", SHEET, re.DOTALL
    )
}


def test_parts_hold_the_letters_for_which_they_are_loaded():
    spec = json.loads((BASE / "tools/vendor.json").read_text())
    parts = {
        part: letters
        for files in spec.values()
        for into in files.values()
        if isinstance(into, dict)
        for part, letters in into.items()
    }

    assert parts
    assert {part: FACES[part] for part in parts} == parts


def spans_of(file):
    spans = [span.removeprefix("U+").split("-") for span in FACES[file].split(", ")]
    return [(int(span[0], 16), int(span[-1], 16)) for span in spans]


@pytest.mark.parametrize("name", ["Łódź", "Šibenik", "Timișoara", "Gdańsk", "Győr", "İzmir"])
def test_cities_of_europe_need_no_more_than_the_small_part(name):
    spans = spans_of("inter/inter-latin-wght-normal.woff2")
    spans += spans_of("inter/inter-european.woff2")

    assert [c for c in name if not any(a <= ord(c) <= b for a, b in spans)] == []
    assert (BASE / "static/vendor/inter/inter-european.woff2").stat().st_size < 16_000
