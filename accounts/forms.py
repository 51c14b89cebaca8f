"""Forms on people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.text import clean_line


class SignUpDetails(forms.Form):
    """What signing up asks beside address and password."""

    full_name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_full_name(self) -> str:
        return clean_line(self.cleaned_data["full_name"])

    def signup(self, request: Any, user: User) -> None:  # noqa: ARG002 - allauth's signature
        """Keep the name; called by allauth after the account is made."""
        user.full_name = self.cleaned_data["full_name"]
        user.save(update_fields=["full_name"])
