"""What was signed, for staff: a commitment counts once they accept it, a letter is read."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import SignedInRequest
from applications import services
from applications.forms.staff import VerdictForm
from applications.models import Application, Commitment, SignedPaper, SupportLetter
from applications.selectors import UNDER_CHECK, sent_applications
from applications.selectors.addresses import advice_on
from applications.selectors.checking import read_version_of_check
from core.kit.decorators import require_perm, staff_required
from core.kit.saving import finish, posted, save


def _sent(request: SignedInRequest, reference: str) -> Application:
    application = sent_applications(request.user).filter(reference=reference).first()
    if application is None:
        raise Http404
    return application


def _around(application: Application, paper: SignedPaper, page: str) -> dict[str, Any]:
    """Return what both pages show of who signed, and how; `page` hands out its file."""
    whose = getattr(paper, paper.whose)
    return {
        "application": application,
        "whose": whose,
        "paper": paper,
        "file_url": reverse(f"applications:{page}", args=[application.key, whose.pk]),
        "advice": advice_on(application, paper.email, whose) if paper.is_online else [],
        "nav_current": "applications:staff_list",
    }


@require_http_methods(["GET", "POST"])
@staff_required
def staff_commitment(request: SignedInRequest, reference: str, pk: int) -> HttpResponse:
    """Open a commitment, and say whether it counts."""
    application = _sent(request, reference)
    rows = Commitment.objects.select_related("file", "municipality__country", "verdict_by")
    commitment = get_object_or_404(rows, municipality=pk, municipality__application=application)
    municipality = commitment.municipality
    may_judge = application.status in UNDER_CHECK and request.user.has_perm(
        "applications.check_application", application
    )
    if request.method == "POST":
        require_perm(request.user, "applications.check_application", application)
    initial: dict[str, Any] = {
        "verdict": commitment.verdict,
        "reason": commitment.verdict_reason,
    }
    if may_judge and request.method != "POST":
        initial["version"] = read_version_of_check(application)
    form = VerdictForm(posted(request), initial=initial)
    sent = save(
        request,
        form,
        lambda: services.judge_commitment(
            commitment=commitment,
            verdict=form.cleaned_data["verdict"],
            reason=form.cleaned_data["reason"],
            by=request.user,
            read_version=form.cleaned_data["version"],
        ),
    )
    if sent.is_done:
        done = _("%(name)s: %(verdict)s.") % {
            "name": municipality.name,
            "verdict": sent.result.get_verdict_display(),
        }
        return finish(request, done, "applications:staff_detail", application.reference)
    context = _around(application, commitment, "commitment_file") | {
        "statement": commitment.statement.splitlines(),
        "form": form,
        "may_judge": may_judge,
    }
    template = "applications/staff/commitment.html"
    return render(request, template, context, status=sent.status)


@require_GET
@staff_required
def staff_letter(request: SignedInRequest, reference: str, pk: int) -> HttpResponse:
    """Open the letter of a stakeholder."""
    application = _sent(request, reference)
    letters = SupportLetter.objects.select_related("file", "stakeholder")
    letter = get_object_or_404(letters, stakeholder=pk, stakeholder__application=application)
    return render(
        request, "applications/staff/letter.html", _around(application, letter, "letter_file")
    )
