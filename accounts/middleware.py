"""Request-wide rules on people."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

GetResponse = Callable[[HttpRequest], HttpResponse]


class PrivatePagesMiddleware:
    """Pages of a signed-in person are never stored, so the back button shows nothing."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            add_never_cache_headers(response)
        return response


class StaffSecondFactorMiddleware:
    """Staff without a second factor can only reach the page that sets one up.

    A demo is exempt, so that its accounts work without an authenticator.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if (
            not settings.DEMO
            and user.is_authenticated
            and (user.is_staff_member or user.is_staff)
            and request.path.startswith(("/staff/", "/admin/"))
            and not is_mfa_enabled(user)
        ):
            messages.warning(
                request,
                _(
                    "Staff sign in with a second factor. Set one up to open the console."
                ),
            )
            return redirect("mfa_index")
        return self.get_response(request)
