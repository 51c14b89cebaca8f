"""What the views on pairings share."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest

from core.kit.errors import NotAllowedError, PortalError, WrongStateError
from pairings.models import Pairing
from pairings.selectors import workspace_pairing


def pairing_or_404(request: HttpRequest, reference: str) -> Pairing:
    """Return the pairing with all its page shows; outsiders meet a page that does not exist."""
    pairing = workspace_pairing(request.user, reference)  # type: ignore[arg-type]
    if pairing is None:
        raise Http404
    return pairing


def saves(request: HttpRequest, form: forms.Form, save: Callable[[], Any]) -> tuple[Any, int]:
    """Call `save` for a form that was sent and is valid.

    Returns what was saved, None if nothing was, and the status of the page to show then.
    """
    if request.method != "POST" or not form.is_valid():
        return None, 200
    try:
        return save(), 302
    except PortalError as error:
        return None, refuse(form, error)


def refuse(form: forms.Form, error: PortalError) -> int:
    """Show a service's refusal at its field, so that what was typed stays; return the status."""
    field = getattr(error, "field", "")
    form.add_error(field if field in form.fields else None, error.message)
    if isinstance(error, NotAllowedError):
        return 403
    return 409 if isinstance(error, WrongStateError) else 200
