"""The filters above a list, read from its address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class FilterForm(forms.Form):
    """What a list is narrowed to. A wrong value narrows nothing, and its field says so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if "invalid_choice" in field.error_messages:
                field.error_messages["invalid_choice"] = _(
                    "This is not in the list. Choose one of the entries shown."
                )

    @property
    def chosen(self) -> dict[str, Any]:
        """Return what each filter asks for, "" for nothing; one mistake leaves the others on."""
        self.is_valid()
        valid = getattr(self, "cleaned_data", {})
        return {name: valid.get(name) or "" for name in self.fields}

    @property
    def is_on(self) -> bool:
        """Whether the list is narrowed, or was to be: then the page offers to clear the filters."""
        return any(self.chosen.values()) or bool(self.errors)
