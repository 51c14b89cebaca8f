"""Staff: the last question before the letters leave, and what became of each."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from applications.assessment.forms.outcomes import MarkForm
from applications.assessment.models import Release
from applications.assessment.selectors.outcomes import numbers_of, readiness_of, released_in
from applications.assessment.services import release_outcomes, retry_release
from applications.assessment.views.outcomes import NAV, call_or_404
from core.kit.decorators import require_perm, staff_required
from core.kit.paging import page_of
from core.kit.saving import finish, posted, press, save
from programme.calls.states import CallPhase


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def release(request: SignedInRequest, slug: str) -> HttpResponse:
    """Ask once more, naming who is told what; then begin to tell them."""
    require_perm(request.user, "assessment.release_outcomes")
    call = call_or_404(slug)
    ready = readiness_of(request.user, call)
    form = MarkForm(posted(request), initial={"mark": ready.mark})
    sent = save(
        request,
        form,
        lambda: release_outcomes(call=call, mark=form.cleaned_data["mark"], by=request.user),
    )
    if sent.is_done:
        done = _("The letters are leaving. This page says what becomes of each.")
        return finish(request, done, "assessment:release_page", sent.result.pk)
    if sent.stale:
        # Who presses again has read the numbers as they are now.
        form.renew(ready.mark)
    context = NAV | {
        "call": call,
        "ready": ready,
        "form": form,
        "is_open": call.phase() == CallPhase.OPEN,
    }
    return render(request, "assessment/release.html", context, status=sent.status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def release_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what a release told, tells and could not tell; POST goes on with what waits."""
    require_perm(request.user, "assessment.view_outcomes")
    found = get_object_or_404(Release.objects.select_related("call", "by", "job"), pk=pk)
    if request.method == "POST":
        require_perm(request.user, "assessment.release_outcomes")
        done = _("The release goes on.")
        press(request, lambda: retry_release(release=found, by=request.user), done)
        return redirect("assessment:release_page", pk)
    rows = released_in(found, request.user)
    context = NAV | {
        "release": found,
        "call": found.call,
        "page": page_of(request, rows),
        "numbers": numbers_of(rows),
        "is_working": found.job is not None and found.job.is_unfinished,
        "may_release": request.user.has_perm("assessment.release_outcomes"),
    }
    part = request.headers.get("HX-Request") == "true"
    template = "assessment/release_rows.html" if part else "assessment/release_page.html"
    return render(request, template, context)
