"""A refusal that no view expected becomes a page that explains it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.kit.errors import PortalError
from core.kit.typed import typed_answers

GetResponse = Callable[[HttpRequest], HttpResponse]


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
