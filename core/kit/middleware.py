"""What holds for every form: it is carried out once, and a refusal becomes a page."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import render

from core.kit.errors import PortalError
from core.kit.keys import accepted, carried_out, digest_of, was_taken
from core.kit.models import TakenForm
from core.kit.typed import typed_answers

GetResponse = Callable[[HttpRequest], HttpResponse]


# What the second of two may meet: the right, the object or the state is gone with the first.
REFUSALS = {403, 404, 409, 410, 422}
# Of two that are sent at once the second waits so long for the first one's answer.
PATIENCE, GLANCE = 2.0, 0.05
TAKEN_COOKIE = "forms-taken"
# So many keys the cookie names: one for each tab in which a form is on its way.
MOST_TAKEN = 8


class SentTwiceMiddleware:
    """A form that is sent twice is carried out once, and answered twice with the same redirect.

    `core.kit.keys.once` notes what has been carried out. Here the first answer is written beside
    it, and given again to the second. The browser learns from a cookie which form was taken, so
    that it forgets its copy of what was typed (static/js/keep.js).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "POST":
            return response
        if (digest := carried_out(request)) and isinstance(response, HttpResponseRedirectBase):
            TakenForm.objects.filter(digest=digest).update(address=response.url)
        if key := accepted(request):
            _name_taken(request, response, key)
            return response
        if response.status_code in REFUSALS or was_taken(request):
            return self._first_answer(digest_of(request)) or response
        return response

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Look before a form with a file is read: the file would be stored a second time."""
        if request.method != "POST" or not request.FILES:
            return None
        return self._first_answer(digest_of(request))

    def _first_answer(self, digest: str) -> HttpResponse | None:
        """Return the redirect that was given to a form that has been carried out."""
        waited_until = time.monotonic() + PATIENCE
        taken = _taken(digest)
        while taken and not taken.address and time.monotonic() < waited_until:
            time.sleep(GLANCE)
            taken = _taken(digest)
        return HttpResponseRedirect(taken.address) if taken and taken.address else None


def _taken(digest: str) -> TakenForm | None:
    return TakenForm.objects.filter(digest=digest).first() if digest else None


def _name_taken(request: HttpRequest, response: HttpResponse, key: str) -> None:
    before = request.COOKIES.get(TAKEN_COOKIE, "").split(".")
    named = [one for one in [*before, key] if one][-MOST_TAKEN:]
    response.set_cookie(
        TAKEN_COOKIE,
        ".".join(named),
        max_age=3600,
        secure=request.is_secure(),
        samesite="Lax",
    )


class PortalErrorMiddleware:
    """A refusal that no view has turned into a message becomes a page that explains it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer with the message and the status of the refusal; other errors are not ours."""
        if not isinstance(exception, PortalError):
            return None
        context = {"message": exception.message, "answers": typed_answers(request)}
        return render(request, "errors/refused.html", context, status=exception.status)
