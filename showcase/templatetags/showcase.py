"""The `showcase` tag library: headings that sort, times in words."""

import datetime as dt

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag(takes_context=True)
def sort_header(context: Context, word: str, label: str, sort: str) -> SafeString:
    """Draw a table heading that sorts by `word`; a second click turns the order round."""
    is_on = sort.removeprefix("-") == word
    turned = is_on and not sort.startswith("-")
    query = context["request"].GET.copy()
    query.pop("page", None)
    query["sort"] = f"-{word}" if turned else word
    state = ""
    if is_on:
        order = "descending" if sort.startswith("-") else "ascending"
        state = format_html(' aria-sort="{}"', order)
    return format_html(
        '<th scope="col"{}{}><a class="th-sort" href="?{}" title="{}">{}</a></th>',
        format_html(' class="num"') if word == "distance" else "",
        state,
        query.urlencode(),
        _("Sort by this column"),
        label,
    )


@register.filter
def offset_from(local: dt.datetime, other: dt.datetime) -> str:
    """Say how many hours one clock is ahead of another: "3.5 hours ahead"."""
    ahead = (local.utcoffset() or dt.timedelta()) - (other.utcoffset() or dt.timedelta())
    minutes = int(ahead.total_seconds() // 60)
    if minutes == 0:
        return _("same time")
    hours, rest = divmod(abs(minutes), 60)
    values = {"hours": hours, "minutes": rest}
    if minutes > 0:
        return (_("%(hours)d h %(minutes)02d ahead") if rest else _("%(hours)d h ahead")) % values
    return (_("%(hours)d h %(minutes)02d behind") if rest else _("%(hours)d h behind")) % values
