"""The form field for amounts as people type them."""

from decimal import Decimal
from typing import Any

from django import forms

from action_plans.amounts import AMOUNT_ERROR, AMOUNT_HELP, parse_amount, typed_amount


class AmountField(forms.CharField):
    """An amount of money or another quantity with at most two decimals."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", AMOUNT_HELP)
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs={"class": "num", "inputmode": "decimal", "autocomplete": "off"}),
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """Return the amount, None for an empty text."""
        try:
            return parse_amount(super().to_python(value) or "")
        except ValueError as error:
            raise forms.ValidationError(str(error) or AMOUNT_ERROR) from error

    def prepare_value(self, value: Any) -> Any:
        """Show a stored amount as it is typed."""
        return typed_amount(value) if isinstance(value, Decimal) else value
