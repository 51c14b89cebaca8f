"""The `sheets` tag library: the style sheets of an audience."""

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from iuc_portal.storage import StaticStorage
from iuc_portal.stylesheets import bundles, sheets_of

register = template.Library()

LINK = '<link rel="stylesheet" href="{}">'


@register.simple_tag
def stylesheets_of(audience: str) -> SafeString:
    """Link what "public", "city" or "staff" gets: one file, or in development each sheet."""
    # The lazy object stands for the class that the settings name.
    if issubclass(staticfiles_storage.__class__, StaticStorage) and not settings.DEBUG:
        return format_html(LINK, static(bundles()[audience]))
    return format_html_join("\n", LINK, ((static(name),) for name in sheets_of(audience)))
