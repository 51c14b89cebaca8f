"""Form fields for typed text: cleaned, limited, and counted as the counter on the page does."""

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.days import DAY_ERROR, DAY_HELP, parse_day, typed_day
from accounts.text import clean_line, clean_paragraphs


class LengthLimit(MaxLengthValidator):
    """Says how long a text may be and how long it is; a line break counts as one."""

    message = ngettext_lazy(
        "This may have at most %(limit_value)d character; you have %(show_value)d. "
        "Please shorten it.",
        "This may have at most %(limit_value)d characters; you have %(show_value)d. "
        "Please shorten it.",
        "limit_value",
    )


class _LimitedField(forms.CharField):
    """Cleans before it counts, so that nobody is refused for invisible characters.

    No `maxlength` attribute is written: browsers cut pasted text with it and say nothing.
    """

    default_error_messages = {"required": _("Fill in this field.")}

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        self.limit = max_length
        super().__init__(**kwargs)
        self.validators.append(LengthLimit(max_length))


class LineField(_LimitedField):
    """One line of text."""

    def to_python(self, value: Any) -> str:
        """Return the text as one clean line."""
        return clean_line(super().to_python(value) or "")


class TextField(_LimitedField):
    """A text of several paragraphs with a counter: the page reads `data-limit`."""

    widget = forms.Textarea

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Show five lines unless the form says otherwise."""
        attrs = {**super().widget_attrs(widget), "data-limit": self.limit}
        if "rows" not in widget.attrs:
            attrs["rows"] = 5
        return attrs

    def to_python(self, value: Any) -> str:
        """Return clean paragraphs with LF line ends."""
        return clean_paragraphs(super().to_python(value) or "")


class DayField(forms.CharField):
    """A day as people type it; what cannot be read for certain is refused.

    A text field on purpose: a browser's own date input shows days in the order of the
    machine, whatever the page says.
    """

    default_error_messages = {"required": DAY_ERROR, "invalid": DAY_ERROR}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", DAY_HELP)
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"class": "w-date", "autocomplete": "off"})
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> dt.date | None:  # type: ignore[override]
        """Return the day, None for an empty text."""
        if isinstance(value, dt.date):
            return value
        text = super().to_python(value)
        if not text:
            return None
        day = parse_day(text)
        if day is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day

    def prepare_value(self, value: Any) -> Any:
        """Show a stored day as it is typed."""
        return typed_day(value) if isinstance(value, dt.date) else value
