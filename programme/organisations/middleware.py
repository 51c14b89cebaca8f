"""Old addresses of an organisation that was merged into another."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from programme.organisations.selectors.merging import moved_to


class MovedOrganisationMiddleware:
    """Lead from the page of an organisation that is gone to that of the one it was merged into.

    Only where nothing was found, so that no other page asks for it. The page there asks for the
    rights of its reader.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the way there in the place of 404."""
        response = self.get_response(request)
        match = request.resolver_match
        if (
            response.status_code != 404  # noqa: PLR2004 - not found
            or request.method not in ("GET", "HEAD")
            or match is None
            or match.namespace != "organisations"
            or "slug" not in match.kwargs
            or not request.user.is_authenticated
        ):
            return response
        found = moved_to(match.kwargs["slug"])
        if found is None:
            return response
        return redirect(reverse(match.view_name, kwargs={**match.kwargs, "slug": found.slug}))
