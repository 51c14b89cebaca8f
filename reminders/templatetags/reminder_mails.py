"""When something is due, in words, for mails: no markup, and always with the zone."""

import datetime as dt

from django import template
from django.template.context import Context
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.kit import days
from core.kit.clocks import in_brussels, minutes_ahead, on_clock
from core.kit.days import BRUSSELS

register = template.Library()


@register.simple_tag(takes_context=True)
def left_in_words(context: Context) -> str:
    """Return "3 days left", "20 hours left" or "overdue", from `deadline` and `now`."""
    return days.left_in_words(context["deadline"], context["now"])


@register.simple_tag(takes_context=True)
def due_in_words(context: Context, *, whole_day: bool = False) -> str:
    """Return e.g. "11 December 2026, 17:00 Brussels time (in 3 days)".

    From `deadline`, `now` and, for a city's own clock, `organisation`. A whole day has no hour.
    """
    deadline = context["deadline"].astimezone(BRUSSELS)
    if whole_day:
        words = date_format(deadline, "DATE_FORMAT")
    else:
        words = in_brussels(deadline)
        if organisation := context["organisation"]:
            words += _own_clock(deadline, organisation.time_zone)
    coming = days.coming_in_words(context["deadline"], context["now"])
    return f"{words} ({coming})" if coming else words


def _own_clock(deadline: dt.datetime, zone: str) -> str:
    """Return the hour on the city's clocks where they differ from those in Brussels."""
    local = on_clock(deadline, zone)
    if local is None or not minutes_ahead(local, deadline):
        return ""
    return _(", which is %(time)s in %(zone)s") % {"time": date_format(local, "H:i"), "zone": zone}
