"""Doors of views: who may come in, and how the others are turned away."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase

from core.kit.people import Person

View = Callable[..., HttpResponseBase]


def staff_required(view: View) -> View:
    """Let in members of the coordination unit, in any role.

    Who is not signed in is asked to; anybody else meets a page that does not exist.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.has_perm("accounts.enter_console"):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def require_perm(user: Person | Any, permission: str, obj: object | None = None) -> None:
    """Raise PermissionDenied (403) unless the person has the permission on the object."""
    if not user.has_perm(permission, obj):
        raise PermissionDenied
