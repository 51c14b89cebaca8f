"""Forms on people."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.audit import verbs_in_words
from accounts.fields import LineField
from accounts.models import User

# What a filter's text may be long, before it is no search any more.
SEARCH_LENGTH = 100


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


def day_input() -> forms.DateInput:
    """Return a date input that browsers understand in every language."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class AuditFilterForm(forms.Form):
    """Filters of the audit trail."""

    about = LineField(label=_("About"), max_length=SEARCH_LENGTH, required=False)
    who = LineField(label=_("Done by"), max_length=SEARCH_LENGTH, required=False)
    verb = forms.ChoiceField(label=_("What"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=day_input())
    until = forms.DateField(label=_("To"), required=False, widget=day_input())
    # "content type-id", set by links, to see all about one thing.
    target = forms.RegexField(r"^\d{1,9}-\d{1,18}$", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verb"].choices = [("", _("Anything")), *verbs_in_words()]

    def clean_target(self) -> tuple[int, int] | None:
        """Return content type and id."""
        if not self.cleaned_data["target"]:
            return None
        kind, _dash, number = self.cleaned_data["target"].partition("-")
        return int(kind), int(number)

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order."""
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            raise ValidationError(
                {"until": _("This day lies before the first one. Choose a later day.")}
            )
        return cleaned
