"""Forms on colleagues."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.looking import ROLES
from accounts.models import User
from accounts.states import StaffRole
from core.kit.fields import ConfirmField, LineField, ReasonField, VersionField
from iuc_portal.colleagues.selectors import Held
from programme.organisations.forms import RightsForm


class AccountTick(forms.CheckboxInput):
    """A tick whose value is the key of the account that the page names."""

    def offers(self, account: User) -> None:
        """Be the tick of this account; that of another one is taken away."""
        key = str(account.pk)
        self.attrs["value"] = key
        self.check_test = lambda value: str(value) == key

    def format_value(self, value: Any) -> str | None:
        """Write the key that came in, unless the page names an account by now."""
        return None if "value" in self.attrs else super().format_value(value)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return what was sent, not only whether."""
        return data.get(name) if super().value_from_datadict(data, files, name) else None


class AccountField(ConfirmField):
    """The key of the account that is meant; None for none."""

    widget = AccountTick

    def to_python(self, value: Any) -> Any:
        """Return the key; what is none counts as no tick."""
        return VersionField().clean(value) or None

    def validate(self, value: Any) -> None:
        """Ask for nothing: the service says when the tick is needed."""


class InviteColleagueForm(RightsForm):
    """Whom to invite, to which role; a tick once the address turns out to have an account."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the address of your colleague.")},
    )
    role = forms.ChoiceField(
        label=_("Staff role"),
        choices=[row for row in StaffRole.choices if row[0]],
        widget=forms.RadioSelect,
        help_text=RightsForm.base_fields["role"].help_text,
        error_messages={"required": _("Choose a staff role.")},
    )
    account = AccountField(label=_("Yes, this account is to have the role."))

    field_order = ("email", "role", "countries", "account")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["account"].required = False

    def ask_about(self, account: User) -> None:
        """Offer the tick for this account and no other, whatever was ticked before."""
        self.fields["account"].widget.offers(account)


class JoinForm(forms.Form):
    """What a new colleague says: name and password. The address is that of the invitation."""

    full_name = LineField(
        label=_("Your name"),
        help_text=_("As colleagues and cities should read it."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("12 signs or more. A few words that belong to nobody else are good."),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Choose a password.")},
    )

    def __init__(self, data: Any = None, *, email: str) -> None:
        super().__init__(data)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """Hold the password against the rules, name and address included."""
        cleaned = super().clean() or self.cleaned_data
        if password := cleaned.get("password"):
            about = User(email=self.email, full_name=cleaned.get("full_name", ""))
            try:
                validate_password(password, about)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class LookForm(RightsForm):
    """The role to look as and, for a regional desk, its countries."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, role.label) for role in ROLES],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a role.")},
    )


class HandOverForm(forms.Form):
    """Who takes what of it, a choice for each kind that there is; and why."""

    def __init__(self, data: Any = None, *, held: Iterable[Held]) -> None:
        super().__init__(data)
        for each in held:
            self.fields[each.item.key] = forms.ModelChoiceField(
                each.receivers,
                label=f"{each.item.label} ({each.number})",
                help_text=_told(each),
                required=False,
                empty_label=_("Stays as it is"),
            )
        self.fields["reason"] = ReasonField(
            help_text=_("It stays in the audit trail."),
            max_length=500,
            missing=_("Write the reason in a few words."),
        )

    @property
    def chosen(self) -> dict[str, User]:
        """Return who takes what, by the key of the kind."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "reason" and value is not None
        }


def _told(each: Held) -> str:
    """Say the first of them, and how many more there are."""
    words = "; ".join(each.first)
    if each.more:
        more = ngettext("and %(n)d more", "and %(n)d more", each.more) % {"n": each.more}
        return f"{words}; {more}"
    return words
