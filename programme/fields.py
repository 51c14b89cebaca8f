"""Form fields on the programme."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.errors import InvalidError
from programme.numbers import parse_population


class PopulationField(forms.Field):
    """A number of inhabitants; what cannot be read for certain is refused with how to type it."""

    widget = forms.TextInput
    default_error_messages = {
        "required": _("Enter the number of inhabitants in digits, for example 104500."),
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:  # noqa: ARG002 - Django's hook
        """Bring up the digits on telephones."""
        return {"inputmode": "numeric", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        """Show a stored number with separators; what was typed stays as it is."""
        return f"{value:,}" if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        """Return the number; nothing typed is None."""
        if value is None or isinstance(value, int):
            return value
        if not str(value).strip():
            return None
        try:
            return parse_population(str(value))
        except InvalidError as error:
            raise ValidationError(error.message, code=error.code) from error
