"""Forms on people."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.kit.fields import LineField


class SignUpDetails(forms.Form):
    """What signing up asks beside address and password."""

    full_name = LineField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def signup(self, request: Any, user: User) -> None:  # noqa: ARG002 - allauth's signature
        """Keep the name; called by allauth after the account is made."""
        user.full_name = self.cleaned_data["full_name"]
        user.save(update_fields=["full_name"])


class AccountForm(forms.Form):
    """What people say of themselves."""

    full_name = LineField(
        label=_("Your name"),
        help_text=_("As colleagues and the other city should read it."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )
    job_title = LineField(
        label=_("Your position"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    phone = LineField(
        label=_("Telephone"),
        help_text=_("With the country code, for example +385 20 351 800."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    language = forms.ChoiceField(
        label=_("Language of our mails to you"), choices=settings.LANGUAGES
    )
