"""The filter above the outbox."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kit.fields import SearchField
from core.post.states import OutboxView


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
