"""What pairings show on the pages of an application."""

from typing import Any

from accounts.http import SignedInRequest
from applications.models import Application
from applications.states import ApplicationStatus
from core.kit.panelled import Panel
from pairings.selectors import mutual_wishes
from programme.organisations.rules import role_in


def _own(request: SignedInRequest, application: Application) -> dict[str, Any] | None:
    """Return the way of a chosen city to its possible partners."""
    is_chosen = application.status == ApplicationStatus.ACCEPTED
    if not (is_chosen and role_in(request.user, application.organisation)):
        return None
    return {"application": application}


def _mutual(request: SignedInRequest, application: Application) -> dict[str, Any] | None:
    """Return for staff whom the city and who wish for each other; no other wish is shown."""
    if application.status != ApplicationStatus.ACCEPTED:
        return None
    if not request.user.has_perm("pairings.list_pairings"):
        return None
    found = mutual_wishes(application, request.user)
    return {"found": found} if found else None


PANELS = [
    Panel("sent", 5, "pairings/partners_panel.html", _own),
    Panel("application", 8, "pairings/mutual_panel.html", _mutual),
]
