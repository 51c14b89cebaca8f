"""Rules for every request, whatever the page."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render

from core.kit.typed import typed_answers

logger = logging.getLogger(__name__)

METHODS = ("GET", "HEAD", "POST")
# What a form with a file adds to the file itself.
FORM_ALLOWANCE = 1024 * 1024


class KnownMethodsMiddleware:
    """No page of the portal takes another method; none has to say so itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return self.get_response(request)


class BodySizeMiddleware:
    """A body beyond the limit is refused unread, before it fills memory or disk.

    A request without a length has no body for Django, so it cannot pass by here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Answer 413 with the limit; comes before anything reads the form."""
        named = limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if request.content_type == "multipart/form-data":
            # The page names what the file may have, as its field does.
            named = settings.UPLOAD_MAX_BYTES
            limit = named + FORM_ALLOWANCE
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        if length.isdecimal() and int(length) <= limit:
            return None
        logger.warning("Refused a body of %s bytes at %s", length[:20], request.path)
        return render(request, "413.html", {"limit": f"{named // 1024**2} MB"}, status=413)


class PublicGZipMiddleware(GZipMiddleware):
    """Pack the public pages; none of somebody who is signed in, none that a secret link leads to.

    Whoever can make a browser open pages and watch their size may guess what a packed page holds
    beside what the address brings in (BREACH). Public pages hold nothing to guess: the token of
    their forms is masked anew each time, and Django adds some random bytes to each answer.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Pack the answer unless it may be private."""
        user, match = getattr(request, "user", None), request.resolver_match
        if user is None or match is None or match.namespace != "showcase" or user.is_authenticated:
            return response
        return super().process_response(request, response)


class ImpossibleValuesMiddleware:
    """Numbers and signs that no column holds come from no page of ours: 400, and no alarm.

    Such as a choice with the number 99999999999999999999, or text with a NUL in it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 400 with what was typed, so that it can be copied; other errors are not ours."""
        # The driver of PostgreSQL refuses a NUL by itself, with an error of no class of its own.
        has_nul = isinstance(exception, ValueError) and "NUL (0x00)" in str(exception)
        if not has_nul and not isinstance(exception, DataError | OverflowError):
            return None
        logger.warning("A value that cannot be stored at %s", request.path, exc_info=exception)
        return render(request, "400.html", {"answers": typed_answers(request)}, status=400)
