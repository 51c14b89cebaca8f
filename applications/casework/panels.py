"""What casework shows on the staff page of an application."""

from typing import Any

from accounts.http import SignedInRequest
from applications.casework.selectors import case_of
from applications.casework.views.pages import opened_case
from applications.models import Application
from core.kit.panelled import Panel


def _head(request: SignedInRequest, application: Application) -> dict[str, Any] | None:
    """Return who looks after it and its tags; who opens the page is noted here, once."""
    case = opened_case(request, application)
    if not request.user.has_perm("casework.view_notes", application):
        return None
    owner = case.owner
    return {
        "application": application,
        "case": case,
        "is_own": owner is not None and owner.pk == request.user.pk,
        "may_own": request.user.has_perm("casework.own_case", application),
        "may_tag": request.user.has_perm("casework.tag_case", application),
    }


def _notes(request: SignedInRequest, application: Application) -> dict[str, Any] | None:
    if not request.user.has_perm("casework.view_notes", application):
        return None
    return {
        "application": application,
        "case": case_of(application, request.user),
        "may_write": request.user.has_perm("casework.write_note", application),
    }


PANELS = [
    Panel("case", 10, "casework/head_panel.html", _head),
    Panel("application", 5, "casework/notes_panel.html", _notes),
]
