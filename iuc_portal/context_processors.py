"""Values that every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.encoding import escape_uri_path

from accounts.selectors import demo_accounts
from core.kit.keys import browser_mark
from iuc_portal.navigation import staff_counts


def portal(request: HttpRequest) -> dict[str, Any]:
    """Return what no view knows.

    `portal_version`: as pyproject.toml has it; `demo`: whether this is a demo with open accounts;
    `demo_accounts`: the list of them, asked for only where a template uses it; `csrf_cookie`: the
    cookie that scripts take the token from; `person`: a word that stands for who is signed in, so
    that their browser keeps what they type for them alone; `canonical`: where a public page
    is found, without what was asked of it; in the console, `nav_counts`: the numbers beside the
    menu's entries, one query.
    """
    values: dict[str, Any] = {
        "portal_version": settings.VERSION,
        "demo": settings.DEMO,
        "demo_accounts": demo_accounts,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
    }
    found = request.resolver_match
    if found and found.app_names == ["showcase"]:
        values["canonical"] = settings.BASE_URL + escape_uri_path(request.path)
    user = getattr(request, "user", None)
    values["person"] = lambda: browser_mark(request)
    if user and request.path.startswith("/staff/") and user.has_perm("accounts.enter_console"):
        values["nav_counts"] = staff_counts(user)
    return values
