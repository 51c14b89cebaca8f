"""The `showcase` tag library: headings that sort, filters taken away, days in words."""

import datetime as dt

from django import template
from django.template.context import Context
from django.utils.formats import date_format
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
    order = "none"
    if is_on:
        order = "descending" if sort.startswith("-") else "ascending"
    return format_html(
        '<th scope="col" class="{}" aria-sort="{}">'
        '<a class="sort-link" href="?{}" title="{}">{}</a></th>',
        "number" if word == "distance" else "td-sort",
        order,
        query.urlencode(),
        _("Sort by this column"),
        label,
    )


@register.simple_tag(takes_context=True)
def query_without(context: Context, *names: str) -> str:
    """Return the address of this list without some of its filters: "?theme=energy"."""
    query = context["request"].GET.copy()
    for name in names:
        query.pop(name, None)
    return f"?{query.urlencode()}"


@register.filter
def day_words(day: dt.date) -> str:
    """Write a day as `moment` does: "15 February 2027"."""
    return date_format(day, "DATE_FORMAT")
