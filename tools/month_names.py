#!/usr/bin/env python3
"""Write core/kit/month_names.csv: the names of the months in the languages of applicants.

They are those of the Unicode CLDR (Unicode licence), as the package Babel carries them. The portal
reads the file alone:

    python3 -m venv var/names && var/names/bin/pip install babel==2.19.0
    PYTHONPATH=. var/names/bin/python tools/month_names.py
"""

import csv
from pathlib import Path

from babel.dates import get_month_names

FILE = Path(__file__).resolve().parent.parent / "core" / "kit" / "month_names.csv"
# The official languages of the European Union, then those of the partner countries. Thai is not
# among them: its years are others.
LANGUAGES = [
    *["bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt"],
    *["lv", "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv"],
    *["ar", "bn", "gu", "he", "hi", "id", "is", "kn", "ml", "mr", "ms", "nb", "pa", "ru", "sq"],
    *["sr", "ta", "te", "tr", "uk", "ur"],
]


def names_of(language: str, month: int) -> list[str]:
    """Return a month's names in a language, within a date and alone, long and short."""
    found = [
        get_month_names(width, context, language)[month].strip(".").casefold()
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
    ]
    return [name for name in dict.fromkeys(found) if not any(sign.isdigit() for sign in name)]


def main() -> None:
    """Write the file."""
    with FILE.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(["language", *range(1, 13)])
        for language in LANGUAGES:
            lines.writerow([language, *("|".join(names_of(language, n)) for n in range(1, 13))])


if __name__ == "__main__":
    main()
