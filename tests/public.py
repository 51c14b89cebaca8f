"""Addresses that can be asked for without knowing any object, found in the URLconf."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, get_resolver
from django.urls.resolvers import RoutePattern


def addresses_without_arguments() -> list[str]:
    """Return them in order; those of the admin's own are left out."""
    found = {f"/{path}" for path in _walk(get_resolver(), "")}
    return sorted(path for path in found if not path.startswith("/admin/"))


def _walk(resolver: Any, prefix: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        path = f"{prefix}{entry.pattern}"
        if not isinstance(entry, URLPattern):
            yield from _walk(entry, path)
        elif isinstance(entry.pattern, RoutePattern) and "<" not in path and "^" not in path:
            yield path
