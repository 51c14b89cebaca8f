"""The form that makes an account. Apart from `forms`, which allauth itself imports."""

from typing import Any

from allauth.account.forms import SignupForm
from django.utils.translation import gettext_lazy as _


class SignUpForm(SignupForm):
    """Sign up, with the words that the sign-in page uses."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        email = self.fields["email"]
        email.label = _("E-mail")
        email.help_text = _("A link to confirm it comes by mail.")
