"""The `menus` tag library: what stands in the menus and under the person's name."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.translation import gettext as _

from iuc_portal import navigation
from programme.organisations.rules import organisation_names

register = template.Library()


@register.simple_tag(takes_context=True)
def navigation_of(context: Context, area: str) -> list[navigation.Section]:
    """Return the navigation of "public", "city" or "staff" for this request."""
    return navigation.sections(
        area,
        request=context.get("request"),
        current=context.get("nav_current"),
        counts=context.get("nav_counts"),
    )


@register.simple_tag
def organisations_of(user: Any) -> str:
    """Name the person's organisation for the header, or say how many there are."""
    names = organisation_names(user)
    if len(names) > 1:
        return _("%(n)d organisations") % {"n": len(names)}
    return names[0] if names else ""
