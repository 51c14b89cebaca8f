"""The filter above the outbox."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kit.fields import ReasonField, SearchField
from core.post.states import OutboxView


class CorrectForm(forms.Form):
    """The address that a failed mail should have gone to, and how one knows."""

    recipient = forms.EmailField(
        label=_("Right address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Enter the right address."),
            "invalid": _("Enter an e-mail address like name@city.eu."),
        },
    )
    reason = ReasonField(
        help_text=_("For example: a typing error, told on the telephone. It stays on record."),
        max_length=500,
        missing=_("Write how you know the right address."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class OutboxFilter(forms.Form):
    """Which part of the outbox, and what to look for. Nonsense in the address means no filter."""

    view = forms.ChoiceField(choices=OutboxView, required=False, widget=forms.HiddenInput)
    q = SearchField(label=_("Address or subject"))

    @property
    def part(self) -> OutboxView | None:
        """Return the chosen part, or None."""
        self.is_valid()
        chosen = self.cleaned_data.get("view")
        return OutboxView(chosen) if chosen else None

    @property
    def search(self) -> str:
        """Return the words to look for."""
        self.is_valid()
        return str(self.cleaned_data.get("q", ""))
