"""The programme's clock, and days as people type and read them: never silently another day."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, override
from django.utils.translation import gettext_lazy as _

from core.kit.text import clean_line, fold

# The programme's deadlines are instants on this clock, wherever their readers are.
BRUSSELS = ZoneInfo("Europe/Brussels")
# Below this the time left is told in hours.
HOURS_COUNT = dt.timedelta(hours=36)

# How to type a day; stands above every input that takes one.
DAY_HELP = _("Day, month and year, for example 31/3/2027 or 31 March 2027.")
DAY_ERROR = _("Type the date as day, month and year, for example 31/3/2027 or 31 March 2027.")

_DAY_FIRST = re.compile(r"\A(\d{1,2})([/.\-])(\d{1,2})\2(\d{4})\Z", re.ASCII)
_YEAR_FIRST = re.compile(r"\A(\d{4})([/.\-])(\d{1,2})\2(\d{1,2})\Z", re.ASCII)
_EAST_ASIAN = re.compile(r"\A(\d{4})年(\d{1,2})月(\d{1,2})日\Z", re.ASCII)
_IN_WORDS = re.compile(r"\A(\d{1,2})\.? (?:de )?([^\d\s.]+)\.? (?:de )?(\d{4})\Z", re.ASCII)


def now() -> dt.datetime:
    """Return the time: the one clock of the house."""
    return timezone.now()


def today() -> dt.date:
    """Return the day it is in Brussels."""
    return now().astimezone(BRUSSELS).date()


def end_of(day: dt.date) -> dt.datetime:
    """Return the last second of a day in Brussels: until then what is due on it is in time."""
    return dt.datetime.combine(day, dt.time(23, 59, 59), tzinfo=BRUSSELS)


def ended_by(moment: dt.datetime) -> dt.date:
    """Return the last day that is over at a moment, on the clock of `end_of`."""
    day = moment.astimezone(BRUSSELS).date()
    return day if end_of(day) <= moment else day - dt.timedelta(days=1)


def days_between(moment: dt.datetime, later: dt.datetime) -> int:
    """Return how many days of the Brussels calendar lie between; below 0 for an earlier one."""
    return (later.astimezone(BRUSSELS).date() - moment.astimezone(BRUSSELS).date()).days


def days_in_words(days: int) -> str:
    """Say how far away a day is: "Today", "Tomorrow", "In 17 days", "3 days overdue"."""
    if days < 0:
        return ngettext("%(n)d day overdue", "%(n)d days overdue", -days) % {"n": -days}
    if days > 1:
        return ngettext("In %(n)d day", "In %(n)d days", days) % {"n": days}
    return gettext("Tomorrow") if days else gettext("Today")


def coming_in_words(due: dt.datetime, at: dt.datetime) -> str:
    """Say within a sentence when something comes: "in 3 days", "in 20 hours"; "" once passed."""
    if due < at:
        return ""
    days, hours = days_or_hours(due, at)
    if days:
        return ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}
    if hours:
        return ngettext("in %(n)d hour", "in %(n)d hours", hours) % {"n": hours}
    return gettext("in less than an hour")


def left_in_words(due: dt.datetime, at: dt.datetime) -> str:
    """Say how much time is left: "3 days left", "20 hours left", or "overdue"."""
    if due < at:
        return gettext("overdue")
    days, hours = days_or_hours(due, at)
    if days:
        return ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}
    if hours:
        return ngettext("%(n)d hour left", "%(n)d hours left", hours) % {"n": hours}
    return gettext("less than an hour left")


def days_or_hours(due: dt.datetime, at: dt.datetime) -> tuple[int, int]:
    """Return days and hours as people would say them: days alone, or hours when few are left.

    Every page, mail and countdown counts with it, so that a date is as far away in all of them.
    """
    left = due - at
    if left > HOURS_COUNT:
        return days_between(at, due), 0
    return 0, round(left / dt.timedelta(hours=1))


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
    if local.date() == today():
        return time
    return gettext("%(date)s, %(time)s") % {
        "date": date_format(local, "SHORT_DATE_FORMAT"),
        "time": time,
    }
