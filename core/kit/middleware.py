"""A refusal that no view expected becomes a page that explains it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.kit.errors import NotAllowedError, PortalError, StaleError, WrongStateError

GetResponse = Callable[[HttpRequest], HttpResponse]


# Never shown back: it is not text, or it is secret.
_NOT_SHOWN_BACK = ("csrfmiddlewaretoken", "password", "token", "code", "next", "version")


def typed_texts(request: HttpRequest) -> list[str]:
    """Return the texts a refused form carried, so that its writer can copy them."""
    return [
        value
        for name, values in request.POST.lists()
        if not any(word in name for word in _NOT_SHOWN_BACK)
        for value in values
        if " " in value.strip()
    ]


class PortalErrorMiddleware:
    """A refusal that no view has turned into a message becomes a page that explains it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 403, 409 or 400 with the message; other errors are not ours."""
        if not isinstance(exception, PortalError):
            return None
        if isinstance(exception, NotAllowedError):
            status = 403
        elif isinstance(exception, WrongStateError | StaleError):
            status = 409
        else:
            status = 400
        context = {"message": exception.message, "typed": typed_texts(request)}
        return render(request, "errors/refused.html", context, status=status)
