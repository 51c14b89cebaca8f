"""The programme's clock, and days as people type and read them: never silently another day."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.kit.errors import InvalidError
from core.kit.months import months_called
from core.kit.numbers import plain_digits
from core.kit.text import clean_line, fold

# The programme's deadlines are instants on this clock, wherever their readers are.
BRUSSELS = ZoneInfo("Europe/Brussels")
# Below this the time left is told in hours.
HOURS_COUNT = dt.timedelta(hours=36)

# How to type a day; stands above every input that takes one.
DAY_HELP = _("Day, month and year, for example 31 March 2027 or 31.3.2027.")
DAY_ERROR = _("Type the date as day, month and year, for example 31 March 2027 or 31.3.2027.")

_SEP = r" ?(?P<sign>[/.\-]) ?"
_DAY_FIRST = re.compile(
    rf"(?P<day>\d{{1,2}}){_SEP}(?P<month>\d{{1,2}}) ?(?P=sign) ?(?P<year>\d{{4}})", re.ASCII
)
_YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}}){_SEP}(?P<month>\d{{1,2}}) ?(?P=sign) ?(?P<day>\d{{1,2}})", re.ASCII
)
_EAST_ASIAN = re.compile(
    r"(?P<year>\d{4}) ?[年년] ?(?P<month>\d{1,2}) ?[月월] ?(?P<day>\d{1,2}) ?[日일]", re.ASCII
)
_VIETNAMESE = re.compile(
    r"(?:ngày )?(?P<day>\d{1,2}) tháng (?P<month>\d{1,2}),? năm (?P<year>\d{4})", re.ASCII
)
# Numbers, and words between them; what hangs on a number is a word of its own.
_PART = re.compile(r"\d+|[^\W\d_][^\s\d.,/]*|[^\s\d.,/\-]+", re.UNICODE)
_YEAR = 4
# What stands between day, month and year, folded, or hangs on a number.
_BETWEEN = frozenset(
    [
        *["a", "an", "d", "da", "de", "del", "di", "do", "er", "ere", "g", "gada", "m", "mi", "na"],
        *["nd", "o", "of", "r", "rd", "re", "st", "ta", "ta'", "ta’", "th", "the", "г", "р"],
    ]
)


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


def read_day(text: str) -> dt.date | None:
    """Return the day that was typed, None for an empty text.

    Read are the digits of any script, the names of the months in the languages of applicants, and
    the orders in which days are written where they live. InvalidError for what is no day, and a
    question for what could be two.
    """
    typed = plain_digits(clean_line(text))
    if not typed:
        return None
    days = _days_in_figures(typed) or _days_in_words(typed)
    if len(days) == 1:
        return days.pop()
    if not days:
        raise InvalidError(DAY_ERROR, code="invalid")
    first, second = sorted(days)
    raise InvalidError(
        _("“%(typed)s” can be %(first)s or %(second)s. Type one of these two.")
        % {
            "typed": typed,
            "first": date_format(first, "j F Y"),
            "second": date_format(second, "j F Y"),
        },
        code="two_days",
    )


def _day(year: str | int, month: str | int, day: str | int) -> set[dt.date]:
    try:
        return {dt.date(int(year), int(month), int(day))}
    except ValueError:
        return set()


def _days_in_figures(typed: str) -> set[dt.date]:
    """Return the days that figures alone can mean.

    With points a day comes first wherever it is written so. With strokes and hyphens it comes
    first in most places, and second in some: where both are days, both are meant.
    """
    figures = typed.rstrip(". ")
    if found := _EAST_ASIAN.fullmatch(typed) or _VIETNAMESE.fullmatch(typed):
        return _day(found["year"], found["month"], found["day"])
    if found := _YEAR_FIRST.fullmatch(figures):
        return _day(found["year"], found["month"], found["day"])
    if not (found := _DAY_FIRST.fullmatch(figures)):
        return set()
    first = _day(found["year"], found["month"], found["day"])
    if found["sign"] == "." or not first:
        return first
    return first | _day(found["year"], found["day"], found["month"])


def _days_in_words(typed: str) -> set[dt.date]:
    """Return the days of a text that names the month: day, month, year or month, day, year."""
    parts = [part for part in _PART.findall(typed) if fold(part) not in _BETWEEN]
    figures = sorted((part for part in parts if part.isdigit()), key=len)
    words = [at for at, part in enumerate(parts) if not part.isdigit()]
    if [len(figure) for figure in figures] not in ([1, _YEAR], [2, _YEAR]) or not words:
        return set()
    # A name is one piece: "meán fómhair" is, "maj 3 maj" is not.
    if words[-1] - words[0] >= len(words):
        return set()
    day, year = figures
    months = months_called("".join(parts[at] for at in words))
    return {found for month in months for found in _day(year, month, day)}


def parse_day(text: str) -> dt.date | None:
    """Return the day that was typed, or None when it is no day, or could be two."""
    try:
        return read_day(text)
    except InvalidError:
        return None


def typed_day(day: dt.date | None) -> str:
    """Return a day as an input shows it: in a form that read_day reads back, as no other day."""
    if day is None:
        return ""
    shown = date_format(day, "j F Y")
    return shown if parse_day(shown) == day else day.isoformat()


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
