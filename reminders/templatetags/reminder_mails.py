"""When something is due, in words, for mails: no markup, and always with the zone."""

import datetime as dt
from zoneinfo import ZoneInfo, available_timezones

from django import template
from django.template.context import Context
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.kit.days import BRUSSELS

register = template.Library()

# Below this the time left is told in hours.
HOURS_COUNT = dt.timedelta(hours=36)


@register.simple_tag(takes_context=True)
def left_in_words(context: Context) -> str:
    """Return "3 days left", "20 hours left" or "overdue", from `deadline` and `now`."""
    deadline, now = context["deadline"], context["now"]
    if deadline < now:
        return _("overdue")
    days, hours = _rounded(deadline, now)
    if days:
        return ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}
    if hours:
        return ngettext("%(n)d hour left", "%(n)d hours left", hours) % {"n": hours}
    return _("less than an hour left")


@register.simple_tag(takes_context=True)
def due_in_words(context: Context, *, whole_day: bool = False) -> str:
    """Return e.g. "11 December 2026, 17:00 Brussels time (in 3 days)".

    From `deadline`, `now` and, for the city's own clock, `organisation`. A whole day has no hour.
    """
    deadline = context["deadline"].astimezone(BRUSSELS)
    day = date_format(deadline, "DATE_FORMAT")
    if whole_day:
        words = day
    else:
        words = _("%(date)s, %(time)s Brussels time") % {
            "date": day,
            "time": date_format(deadline, "H:i"),
        }
        words += _own_clock(deadline, context["organisation"].time_zone)
    coming = _coming(context["deadline"], context["now"])
    return f"{words} ({coming})" if coming else words


def _own_clock(deadline: dt.datetime, zone: str) -> str:
    """Return the hour on the city's clocks where they differ from those in Brussels."""
    if zone not in available_timezones():
        return ""
    local = deadline.astimezone(ZoneInfo(zone))
    if local.utcoffset() == deadline.utcoffset():
        return ""
    return _(", which is %(time)s in %(zone)s") % {"time": date_format(local, "H:i"), "zone": zone}


def _coming(deadline: dt.datetime, now: dt.datetime) -> str:
    if deadline < now:
        return ""
    days, hours = _rounded(deadline, now)
    if days:
        return ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}
    if hours:
        return ngettext("in %(n)d hour", "in %(n)d hours", hours) % {"n": hours}
    return _("in less than an hour")


def _rounded(deadline: dt.datetime, now: dt.datetime) -> tuple[int, int]:
    """Return days and hours as people would say them: days alone, or hours when few are left.

    Days are counted on the calendar, as the workspace counts them.
    """
    left = deadline - now
    if left > HOURS_COUNT:
        return (deadline.astimezone(BRUSSELS).date() - now.astimezone(BRUSSELS).date()).days, 0
    return 0, round(left / dt.timedelta(hours=1))
