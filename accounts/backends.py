"""Who may sign in."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from rules import perm_exists


def is_closed(user: Any) -> bool:
    """Tell whether an account may not be used: closed, or a demo's in a portal that is none.

    The password of demo accounts stands on the sign-in page.
    """
    return bool(not user.is_active or (user.is_demo and not settings.DEMO))


class PersonBackend(AuthenticationBackend):
    """People sign in by e-mail; sessions of a closed account are dead."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Return whether the account is open; asked for signing in and on each request."""
        return not is_closed(user)

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Leave what the rules name to the rules: no row of a table grants it beside them."""
        return not perm_exists(perm) and bool(super().has_perm(user_obj, perm, obj))
