"""Names in braces that a text for many cities may hold; each city gets its own words."""

from applications.models import Application
from applications.services.placeholders import NAMES
from core.post import placeholders


def require_known(text: str, *, field: str) -> None:
    """Raise InvalidError, naming them, for placeholders that nothing fills, or a lone brace."""
    placeholders.require_fitting(text, NAMES, field=field)


def filled(text: str, application: Application) -> str:
    """Return the text with the application's own words in place of the placeholders."""
    values = placeholders.values_of(NAMES, {"application": application})
    return placeholders.filled(text, values)
