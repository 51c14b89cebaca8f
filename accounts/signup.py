"""Forms about addresses, in our words. Apart from `forms`, which allauth itself imports."""

from typing import Any

from allauth.account.forms import AddEmailForm, SignupForm
from django.utils.translation import gettext_lazy as _


class SignUpForm(SignupForm):
    """Sign up, with the words that the sign-in page uses."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        email = self.fields["email"]
        email.label = _("E-mail")
        email.help_text = _("A link to confirm it comes by mail.")


class AddAddressForm(AddEmailForm):
    """Add a further address to an account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        email = self.fields["email"]
        email.label = _("Further e-mail address")
        email.help_text = _("A link to confirm it comes by mail. Then invitations to it are yours.")
