"""What was sent, as papers: for its city and for the staff who see it."""

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from accounts.http import SignedInRequest
from applications import papers
from applications.models import Application, Interest, Submission
from applications.selectors import submission_of
from core.files.kinds import PDF
from core.files.serving import serve_bytes


def _submission(request: SignedInRequest, key: str, number: int | None = None) -> Submission:
    """Return what was sent last, or in one version, of an application that the person sees.

    404 otherwise.
    """
    visible = Application.objects.visible_to(request.user)
    application = get_object_or_404(visible, Q(reference=key) | Q(draft_key=key))
    submission = (
        submission_of(application)
        if number is None
        else application.submissions.filter(number=number).first()
    )
    if submission is None:
        raise Http404
    return submission


@require_GET
@login_required
def receipt(request: SignedInRequest, key: str) -> HttpResponse:
    """Hand out the receipt as PDF."""
    submission = _submission(request, key)
    name = f"{submission.snapshot['reference']}-receipt.pdf"
    return serve_bytes(papers.receipt(submission), name=name, kind=PDF)


@require_GET
@login_required
def application(request: SignedInRequest, key: str, number: int | None = None) -> HttpResponse:
    """Hand out everything that was sent, last or as one version, as PDF."""
    submission = _submission(request, key, number)
    version = f"-{number}" if number else ""
    name = f"{submission.snapshot['reference']}{version}.pdf"
    return serve_bytes(papers.application_paper(submission), name=name, kind=PDF)


def _interest(request: SignedInRequest, pk: int) -> Interest:
    """Return an expression of interest that was sent and that the person sees; 404 otherwise."""
    visible = Interest.objects.visible_to(request.user).filter(snapshot__isnull=False)
    # Who is in two of its teams is one reader.
    return get_object_or_404(visible.distinct(), pk=pk)


@require_GET
@login_required
def interest_receipt(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hand out the receipt of an expression of interest as PDF."""
    interest = _interest(request, pk)
    name = f"{interest.reference}-receipt.pdf"
    return serve_bytes(papers.interest_receipt(interest), name=name, kind=PDF)


@require_GET
@login_required
def interest_paper(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hand out all that was sent in an expression of interest as PDF."""
    interest = _interest(request, pk)
    return serve_bytes(papers.interest_paper(interest), name=f"{interest.reference}.pdf", kind=PDF)
