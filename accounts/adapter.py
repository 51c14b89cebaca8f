"""How allauth meets the portal."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.utils import get_request_param
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.hashers import make_password
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext_lazy as _

from accounts.backends import is_closed


class AccountAdapter(DefaultAccountAdapter):
    """Mails and addresses of sign-in follow the portal's own settings."""

    # Each says what to do next; those that are not here are rare.
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "Address and password do not belong together. Check both, or set a new password."
        ),
        "incorrect_password": _("This is not your password. Try again, or set a new one."),
        "incorrect_code": _("This code is not right or too old. Type the one you see now."),
        "too_many_login_attempts": _(
            "Too many attempts. Wait five minutes, then try again or set a new password."
        ),
        "enter_current_password": _("This is not your present password. Try again."),
        "duplicate_email": _("You have this address already. Give another one."),
        "cannot_remove_primary_email": _(
            "The main address cannot be removed. Make another one the main address first."
        ),
    }

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: Any = None
    ) -> EmailMessage:
        """Give the mails of sign-in what the frame of all our mails needs."""
        context = {**context, "base_url": settings.BASE_URL}
        return super().render_mail(template_prefix, email, context, headers)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Let the link in the mail lead on to what the person came for, in any browser."""
        url = super().get_email_confirmation_url(request, emailconfirmation)
        wanted = get_request_param(request, REDIRECT_FIELD_NAME) or ""
        # A path of ours alone: the mail must lead nowhere else.
        if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
            url += f"?{urlencode({REDIRECT_FIELD_NAME: wanted})}"
        return str(url)

    def pre_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponse | None:
        """Turn a closed account away, however it proved who it is."""
        if is_closed(user):
            clear_login(request)
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **more)

    def send_account_already_exists_mail(self, email: str) -> None:
        """Write the mail, and take as long as a new account takes.

        Making one hashes a password; without that, the clock would tell who has an account.
        """
        super().send_account_already_exists_mail(email)
        make_password(get_random_string(20))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failed attempts per account and visitor, so that nobody locks others out.

        The limit per visitor stands beside it.
        """
        key = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{self.get_client_ip(request)}"
