"""The `panels` tag library: what rooms plug into a page."""

from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from core.kit.panelled import panels_at

register = template.Library()


@register.simple_tag(takes_context=True)
def panels(context: Context, place: str, thing: Any) -> SafeString:
    """Draw the panels of a place about a thing, in their order."""
    request = context["request"]
    read = ((panel.template, panel.read(request, thing)) for panel in panels_at(place))
    # The request is but a value, for the tokens of forms: what pages ask for anew around each
    # (menus, messages) stands there once.
    own = {"request": request}
    drawn = ((render_to_string(name, own | values),) for name, values in read if values is not None)
    return format_html_join("", "{}", drawn)
