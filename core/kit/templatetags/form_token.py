"""`{% csrf_token %}` of this portal; a builtin, so that no template has to load it."""

from django import template
from django.middleware.csrf import get_token
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.kit.keys import FIELD, TOKEN_FIELD, new_key, whose_forms

register = template.Library()


@register.simple_tag(takes_context=True)
def csrf_token(context: Context) -> SafeString | str:
    """Write the hidden fields that every form sends: the token, and the key of the form.

    Django's own tag reads a variable, which a part included with `only` does not know: its form
    would have no token, and always be refused. This one asks the request itself.
    """
    request = getattr(context, "request", None) or context.get("request")
    if request is None:
        return ""
    token = format_html(
        '<input type="hidden" name="{}" value="{}">', TOKEN_FIELD, get_token(request)
    )
    whose = whose_forms(request)
    if whose is None:
        return token
    key = format_html('<input type="hidden" name="{}" value="{}">', FIELD, new_key(whose))
    return token + key
