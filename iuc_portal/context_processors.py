"""Values that every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.selectors import demo_accounts


def portal(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - the interface asks for it
    """Return what no view knows.

    `demo`: whether this is a demo with open accounts; `demo_accounts`: the list of them, asked
    for only where a template uses it; `csrf_cookie`: the cookie that scripts take the token from.
    """
    return {
        "demo": settings.DEMO,
        "demo_accounts": demo_accounts,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
    }
