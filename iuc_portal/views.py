"""Error pages and other views that belong to no app."""

from django.http import HttpRequest, HttpResponse


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Tell that the form was too old."""
    return HttpResponse("403", status=403)
