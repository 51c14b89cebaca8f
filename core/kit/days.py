"""The programme's clock, and days as people type them: never silently another day."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.formats import date_format
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from core.kit.text import clean_line, fold

# The programme's deadlines are instants on this clock, wherever their readers are.
BRUSSELS = ZoneInfo("Europe/Brussels")

# How to type a day; stands above every input that takes one.
DAY_HELP = _("Day, month and year, for example 31/3/2027 or 31 March 2027.")
DAY_ERROR = _("Type the date as day, month and year, for example 31/3/2027 or 31 March 2027.")

_DAY_FIRST = re.compile(r"\A(\d{1,2})([/.\-])(\d{1,2})\2(\d{4})\Z", re.ASCII)
_YEAR_FIRST = re.compile(r"\A(\d{4})([/.\-])(\d{1,2})\2(\d{1,2})\Z", re.ASCII)
_EAST_ASIAN = re.compile(r"\A(\d{4})年(\d{1,2})月(\d{1,2})日\Z", re.ASCII)
_IN_WORDS = re.compile(r"\A(\d{1,2})\.? (?:de )?([^\d\s.]+)\.? (?:de )?(\d{4})\Z", re.ASCII)


def _month_number(word: str) -> int | None:
    """Return the month of a word in English or the reader's language."""
    wanted = fold(word)
    for names in (MONTHS, MONTHS_3):
        for number, name in names.items():
            with override("en"):
                english = fold(str(name))
            if wanted in {english, fold(str(name))}:
                return number
    return None


def parse_day(text: str) -> dt.date | None:
    """Return the day that was typed, or None when it is not a day of the calendar.

    A day comes before its month, unless the year comes first.
    """
    typed = clean_line(text)
    if found := _DAY_FIRST.match(typed):
        day, _separator, month, year = found.groups()
    elif found := _YEAR_FIRST.match(typed):
        year, _separator, month, day = found.groups()
    elif found := _EAST_ASIAN.match(typed):
        year, month, day = found.groups()
    elif found := _IN_WORDS.match(typed):
        day, word, year = found.groups()
        month = str(_month_number(word) or 0)
    else:
        return None
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def typed_day(day: dt.date | None) -> str:
    """Return a day as an input shows it, in a form that parse_day reads back."""
    return date_format(day, "j/n/Y") if day else ""


def saved_at_words(moment: dt.datetime | None) -> str:
    """Return when something was saved, with its day unless it was today; "" for never."""
    if moment is None:
        return ""
    local = timezone.localtime(moment, BRUSSELS)
    time = date_format(local, "H:i")
    if local.date() == timezone.localdate(timezone=BRUSSELS):
        return time
    return gettext("%(date)s, %(time)s") % {
        "date": date_format(local, "SHORT_DATE_FORMAT"),
        "time": time,
    }
