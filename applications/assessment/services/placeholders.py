"""Names in braces that a text for many cities may hold; each city gets its own words."""

import re
from collections.abc import Callable

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from applications.models import Application
from core.kit.errors import InvalidError

FILLED: dict[str, Callable[[Application], str]] = {
    "city": lambda application: application.organisation.name,
    "reference": lambda application: application.reference or "",
    "call": lambda application: application.call.title,
}
_NAMED = re.compile(r"\{([^{}\s]*)\}")


def require_known(text: str, *, field: str) -> None:
    """Raise InvalidError, naming them, for placeholders that nothing fills, or a lone brace."""
    unknown = sorted({name for name in _NAMED.findall(text) if name not in FILLED})
    if unknown or re.search(r"[{}]", _NAMED.sub("", text)):
        known = get_text_list([f"{{{name}}}" for name in FILLED], _("and"))
        what = ", ".join(f"{{{name}}}" for name in unknown) or "{ }"
        raise InvalidError(
            _("Nothing fills %(what)s. Write one of %(known)s, or leave out the braces.")
            % {"what": what, "known": known},
            field=field,
            code="placeholder",
        )


def filled(text: str, application: Application) -> str:
    """Return the text with the application's own words in place of the placeholders."""
    return _NAMED.sub(lambda found: FILLED[found[1]](application), text)
