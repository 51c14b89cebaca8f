"""Form fields for typed text: cleaned, limited, and counted as the counter on the page does."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core.kit.amounts import AMOUNT_ERROR, AMOUNT_HELP, parse_amount, typed_amount
from core.kit.days import DAY_ERROR, DAY_HELP, read_day, typed_day
from core.kit.errors import InvalidError, Words
from core.kit.numbers import parse_population
from core.kit.text import SEARCH_LENGTH, SEARCH_WORDS, clean_line, clean_paragraphs, fold
from core.kit.writes import REASON_LIMIT


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

    # Five lines, unless the form brings a widget of its own.
    widget = forms.Textarea(attrs={"rows": 5})

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Say the limit, for the counter."""
        return {**super().widget_attrs(widget), "data-limit": self.limit}

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
            "widget", forms.TextInput(attrs={"class": "field-date", "autocomplete": "off"})
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> dt.date | None:  # type: ignore[override]
        """Return the day, None for an empty text."""
        if isinstance(value, dt.date):
            return value
        text = super().to_python(value)
        if not text:
            return None
        try:
            return read_day(text)
        except InvalidError as error:
            # What is no day gets the field's own words, what could be two the question.
            message = self.error_messages.get(error.code, error.message)
            raise forms.ValidationError(message, code=error.code) from error

    def prepare_value(self, value: Any) -> Any:
        """Show a stored day as it is typed."""
        return typed_day(value) if isinstance(value, dt.date) else value


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


class AmountField(forms.CharField):
    """An amount of money or another quantity with at most two decimals.

    `currency` is the ISO code of the money that is asked for; "" takes any sign, or none.
    """

    currency = ""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", AMOUNT_HELP)
        kwargs.setdefault(
            "widget",
            forms.TextInput(
                attrs={"class": "number", "inputmode": "decimal", "autocomplete": "off"}
            ),
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """Return the amount, None for an empty text."""
        try:
            return parse_amount(super().to_python(value) or "", currency=self.currency)
        except ValueError as error:
            raise forms.ValidationError(str(error) or AMOUNT_ERROR) from error

    def prepare_value(self, value: Any) -> Any:
        """Show a stored amount as it is typed."""
        return typed_amount(value) if isinstance(value, Decimal) else value


class SearchField(LineField):
    """What somebody looks for; every list of the portal takes as much.

    The limit is asked of what was typed before anything is folded, then of what is compared
    in the end: one sign can unfold to eighteen. `core.kit.text.search_words` takes it apart.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "search"}))
        super().__init__(max_length=SEARCH_LENGTH, **kwargs)
        # Nobody is told that they need not search.
        self.is_asked = True

    def to_python(self, value: Any) -> str:
        """Return one line; what is far too long is cut before it is cleaned, and refused after."""
        return super().to_python(str(value or "")[: 10 * SEARCH_LENGTH])

    def run_validators(self, value: Any) -> None:
        """Count the letters that will be compared, and the words."""
        super().run_validators(value if len(value) > SEARCH_LENGTH else fold(value))
        if len(value.split()) > SEARCH_WORDS:
            raise ValidationError(
                _("Look for at most %(n)d words at a time.") % {"n": SEARCH_WORDS}, code="words"
            )


class ReasonField(TextField):
    """Why somebody does what stays on record; `missing` says so when it is left out.

    Without `missing` it may be left out, unless its form asks for it (`is_asked`), such as for
    one of two answers: `needed_when` names the field and that answer, and a script follows it
    (static/js/needed.js).
    """

    def __init__(
        self,
        *,
        missing: Words = "",
        is_asked: bool = False,
        needed_when: tuple[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.is_asked = is_asked or needed_when is not None
        self.needed_when = needed_when
        kwargs.setdefault("label", _("Reason"))
        kwargs.setdefault("max_length", REASON_LIMIT)
        if missing:
            kwargs["error_messages"] = {"required": missing}
        super().__init__(required=bool(missing), **kwargs)
        if needed_when:
            self.widget.attrs["data-needed-when"] = "=".join(needed_when)


class ConfirmField(forms.BooleanField):
    """A tick for what asks twice: the service says when it is needed, no form calls it optional."""

    is_asked = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)


# More saves than anybody makes.
_MOST_DIGITS = 9


class VersionField(forms.Field):
    """The version that a page was read in, carried along; unreadable or missing counts as 0."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> int:
        """Return the number; 0 is older than anything that was ever saved."""
        text = str(value or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < _MOST_DIGITS else 0


def offer(form: forms.BaseForm, name: str, rows: "QuerySet[Any]") -> None:
    """Let a field of a form choose among these rows."""
    field: Any = form.fields[name]
    field.queryset = rows
