"""What the pages of an assessor share: finding an application, with or without names."""

from django.http import Http404
from django.urls import reverse

from accounts.http import SignedInRequest
from accounts.rules import is_assessor
from applications.assessment.selectors.blind import blinded, is_read_blind
from applications.models import Application
from applications.views.pages import sent_application


def page_of(request: SignedInRequest, application: Application) -> str:
    """Return where the person reads the application: its page, or that of their scores."""
    own = is_assessor(request.user) and is_read_blind(application)
    name = "assessment:score" if own else "applications:staff_detail"
    return reverse(name, args=[application.reference])


def read_application(request: SignedInRequest, reference: str) -> Application:
    """Return an application that the person may see, or reads without names; 404 otherwise.

    Without names it has a neutral one, and no country: to be shown, never to be saved.
    """
    if not is_assessor(request.user):
        return sent_application(request, reference)
    found = (
        Application.objects.to_read_by(request.user)
        .filter(reference=reference)
        .select_related("call__assessment_plan", "organisation__country", "response")
        .first()
    )
    if found is None:
        raise Http404
    return blinded(found) if is_read_blind(found) else found
