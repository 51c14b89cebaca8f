"""What time it is where: on Brussels' clock, on that of a place, and how far apart two are."""

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.kit import days
from core.kit.days import BRUSSELS

# Where each day of the calendar begins first: UTC+14.
FIRST_ZONE = ZoneInfo("Pacific/Kiritimati")


def zone_of(code: str) -> ZoneInfo | None:
    """Return the time zone of a code such as "Asia/Kolkata"; None for what is none."""
    try:
        return ZoneInfo(code) if code else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def on_clock(moment: dt.datetime, code: str) -> dt.datetime | None:
    """Return a moment as the clocks of a time zone show it; None where nobody knows the zone."""
    zone = zone_of(code)
    return moment.astimezone(zone) if zone else None


def minutes_ahead(local: dt.datetime, other: dt.datetime) -> int:
    """Return by how many minutes one clock is ahead of another at the same moment."""
    apart = (local.utcoffset() or dt.timedelta()) - (other.utcoffset() or dt.timedelta())
    return int(apart / dt.timedelta(minutes=1))


def today_in(code: str) -> dt.date:
    """Return the day it is in a time zone: what is called today where somebody signs.

    Where nobody knows the zone, it is the day where each day begins first, so that nobody is told
    that their today lies in the future.
    """
    return days.now().astimezone(zone_of(code) or FIRST_ZONE).date()


def in_brussels(moment: dt.datetime, time: str = "H:i", date: str = "DATE_FORMAT") -> str:
    """Return a moment for a sentence: "12 December 2026, 17:00 Brussels time"."""
    local = moment.astimezone(BRUSSELS)
    return _("%(date)s, %(time)s Brussels time") % {
        "date": date_format(local, date),
        "time": date_format(local, time),
    }
