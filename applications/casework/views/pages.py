"""What the pages of casework share: the application, and the mark that somebody has opened it."""

from collections.abc import Iterable

from accounts.http import SignedInRequest
from applications.casework.selectors import Case, NoteShown, case_of
from applications.casework.services import note_seen
from applications.models import Application
from applications.views.pages import sent_application
from core.kit.decorators import require_perm

NAV = {"nav_current": "applications:staff_list"}


def case_application(request: SignedInRequest, reference: str, permission: str) -> Application:
    """Return a sent application that the person of staff sees (404) and may use so (403)."""
    application = sent_application(request, reference)
    require_perm(request.user, permission, application)
    return application


def opened_case(
    request: SignedInRequest, application: Application, notes: Iterable[NoteShown] | None = None
) -> Case:
    """Return what staff have beside the application, and note that the person has opened it.

    `notes` are those that the page shows; without them it shows those of the case.
    """
    case = case_of(application, request.user)
    if not leaves_a_mark(request):
        return case
    called = []
    if request.user.has_perm("casework.view_notes", application):
        shown = case.notes if notes is None else notes
        called = [note.pk for note in shown if note.is_for_reader]
    if called or case.has_to_mark(request.user):
        note_seen(application=application, by=request.user, notes=called)
    return case


def leaves_a_mark(request: SignedInRequest) -> bool:
    """Tell whether a person reads the page as themselves.

    A browser that fetches it ahead does not, nor does who looks as another role.
    """
    ahead = request.headers.get("Sec-Purpose", "") or request.headers.get("Purpose", "")
    is_read = request.method == "GET" and "prefetch" not in ahead
    return is_read and not getattr(request.user, "looks_as", None)
