"""Error pages and other views that belong to no app."""

import logging
import secrets
import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from accounts.middleware import sign_in_first
from core.kit.decorators import staff_required
from core.kit.keys import key_of
from core.kit.typed import typed_answers
from core.kit.unsent import unsent_in
from iuc_portal import component_sheet

logger = logging.getLogger(__name__)

NOT_FOR_SEARCH_ENGINES = (
    *("/accounts/", "/admin/", "/applications/", "/i18n/", "/invitations/", "/jobs/", "/my/"),
    *("/plans/", "/staff/"),
)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Tell that the request could not be read."""
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Tell that the page is there but not for this person; `exception` may say why."""
    return render(request, "403.html", {"reason": str(exception or "")}, status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Tell that there is nothing at this address."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Apologise with a reference number that stands in the log beside the error.

    The page asks neither the database nor the session, since these may be what failed. A
    database that does not answer is a pause (503), and the page says so.
    """
    error = sys.exc_info()[1]
    reference = f"E-{secrets.token_hex(4).upper()}"
    logger.error("Error page %s for %s %s", reference, request.method, request.path)
    # SQLite also says OperationalError of a missing table, which no waiting mends.
    silent = isinstance(error, OperationalError | InterfaceError)
    paused = silent and not str(error).startswith("no such")
    status = 503 if paused else 500
    try:
        page = loader.render_to_string(f"{status}.html", {"reference": reference})
    except Exception:
        logger.exception("The error page %s itself failed", reference)
        return HttpResponse(f"Error {status}, reference {reference}.", "text/plain", status=status)
    response = HttpResponse(page, status=status)
    if paused:
        response["Retry-After"] = "30"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Tell that the form was too old, and show what was typed, so that it can be sent again.

    Only a form that the person's own page has made can be: nobody is led to send what another
    site has written. Who is not signed in any more signs in first.
    """
    logger.warning("CSRF failure at %s: %s", request.path, reason)
    unsent = unsent_in(request)
    if unsent and not request.user.is_authenticated:
        return sign_in_first(request) or redirect(settings.LOGIN_URL)
    context = {
        "unsent": unsent if key_of(request) else None,
        "answers": typed_answers(request),
        "path": request.path,
    }
    return render(request, "403_csrf.html", context, status=403)


@cache_control(public=True, max_age=86400)
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the interface asks for it
    """Lead to the picture of the portal who asks for it where it lay in every site."""
    return redirect(static("img/favicon.svg"))


@cache_control(public=True, max_age=86400)
@require_safe
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the interface asks for it
    """Tell search engines what is for the public; all else asks them to sign in anyway."""
    lines = ["User-agent: *", *(f"Disallow: {folder}" for folder in NOT_FOR_SEARCH_ENGINES)]
    return HttpResponse("\n".join(lines) + "\n", "text/plain; charset=utf-8")


@require_safe
@staff_required
def components(request: SignedInRequest) -> HttpResponse:
    """Show every component in every state, by including the real ones."""
    return render(request, "component_sheet.html", component_sheet.context(request))
