"""The names of the months in the languages of applicants (month_names.csv, from the CLDR)."""

import csv
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

from core.kit.text import letters_of

FILE = Path(__file__).resolve().parent / "month_names.csv"


@cache
def _table() -> dict[str, dict[int, frozenset[str]]]:
    """Return, by key of a name, the months that it can be, each with the languages of it."""
    found: dict[str, dict[int, set[str]]] = {}
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            language = row.pop("language")
            for month, names in row.items():
                for name in names.split("|"):
                    months = found.setdefault(letters_of(name), {})
                    months.setdefault(int(month), set()).add(language)
    return {
        key: {month: frozenset(languages) for month, languages in months.items()}
        for key, months in found.items()
        if key
    }


def months_called(name: str) -> list[int]:
    """Return the months that a name can mean, in order; several where languages disagree.

    "listopada" is October in Croatia and November in Poland: the reader's language decides, if it
    knows the name, else nobody does.
    """
    months = _table().get(letters_of(name), {})
    language = (get_language() or "").split("-")[0]
    own = [month for month, languages in months.items() if language in languages]
    return sorted(own or months)
