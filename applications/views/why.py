"""Staff: why an application stands where it stands, on one page to be printed."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from applications.models import Application
from applications.selectors.why import why_of
from applications.states import ApplicationStatus as S
from applications.views.pages import sent_application
from core.kit import days
from core.kit.decorators import require_perm, staff_required
from core.trail.selectors import newest_root


def question_about(application: Application) -> str:
    """Return what the page answers, as somebody would ask it."""
    questions = {
        S.ELIGIBLE: _("Why was %(city)s found eligible?"),
        S.INELIGIBLE: _("Why was %(city)s found not eligible?"),
        S.ACCEPTED: _("Why was %(city)s accepted?"),
        S.RESERVE: _("Why is %(city)s on the reserve list?"),
        S.REJECTED: _("Why was %(city)s rejected?"),
        S.WITHDRAWN: _("What became of %(city)s?"),
    }
    asked = questions.get(S(application.status), _("Where does %(city)s stand?"))
    return asked % {"city": application.organisation.name}


@require_safe
@staff_required
def staff_why(request: SignedInRequest, reference: str) -> HttpResponse:
    """Say in sentences what was received, judged, asked, decided, written and corrected."""
    application = sent_application(request, reference)
    require_perm(request.user, "applications.explain_application", application)
    context = {
        "application": application,
        "question": question_about(application),
        "why": why_of(application, request.user),
        "root": newest_root(),
        "now": days.now(),
        "reads_outbox": request.user.has_perm("trail.view_audit"),
        "nav_current": "applications:staff_list",
    }
    return render(request, "applications/staff/why.html", context)
