"""Dates of a pairing, computed from the call's figures. Pure: no database."""

import datetime as dt

from dateutil.relativedelta import relativedelta

from core.kit.days import BRUSSELS

# Answers and signatures are due at the end of the Brussels office day.
OFFICE_CLOSES = dt.time(17)
# So long after its day a proposal still takes answers; then it lapses.
LAPSES_AFTER = dt.timedelta(days=14)


def day_after(start: dt.date, *, months: int = 0, days: int = 0) -> dt.date:
    """Return the day `months` and then `days` after the start.

    A month that is too short gives its last day: one month after 31 January is 28 or 29
    February.
    """
    return start + relativedelta(months=months, days=days)


def deadline(start: dt.datetime, *, days: int) -> dt.datetime:
    """Return 17:00 Brussels time on the day `days` after the instant, summer time minded."""
    day = start.astimezone(BRUSSELS).date() + dt.timedelta(days=days)
    return dt.datetime.combine(day, OFFICE_CLOSES, tzinfo=BRUSSELS)


def month_of(start: dt.date, today: dt.date) -> int:
    """Return which month of the cooperation `today` lies in; the first one is 1."""
    passed = relativedelta(today, start)
    return max(passed.years * 12 + passed.months + 1, 1)
