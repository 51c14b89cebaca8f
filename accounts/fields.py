"""Form fields for typed text: cleaned, limited, and counted as the counter on the page does."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

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
