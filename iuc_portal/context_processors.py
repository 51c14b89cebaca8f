"""Values that every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - the interface asks for it
    """`demo`: whether this is a demo with open accounts."""
    return {"demo": settings.DEMO}
