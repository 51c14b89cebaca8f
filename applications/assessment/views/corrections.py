"""Staff: a decision that was told and was wrong is put right by two people."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import SignedInRequest
from applications.assessment.forms.outcomes import CorrectionForm, VersionForm
from applications.assessment.models import Correction
from applications.assessment.selectors.outcomes import (
    corrections_seen,
    letter_that_told,
    open_correction,
)
from applications.assessment.services import (
    confirm_correction,
    discard_correction,
    prepare_correction,
)
from applications.assessment.services.correcting import in_the_way, letter_of
from applications.assessment.states import TOLD
from applications.assessment.views.outcomes import NAV
from applications.views.pages import sent_application
from core.kit.comparing import pieces_between
from core.kit.decorators import require_perm, staff_required
from core.kit.saving import finish, posted, press, save


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def correct(request: SignedInRequest, reference: str) -> HttpResponse:
    """Ask what was wrong and what shall stand; nobody is told before a second person confirms.

    What waits already is shown to be confirmed; `?change` asks for it anew.
    """
    application = sent_application(request, reference)
    require_perm(request.user, "assessment.correct_decision", application)
    if application.status not in TOLD:
        return redirect("applications:staff_detail", reference)
    row = open_correction(application)
    if row is not None and request.method != "POST" and "change" not in request.GET:
        return redirect("assessment:correction", row.pk)
    initial: dict[str, Any] = {"version": 0}
    if row is not None:
        names = ("outcome", "reason", "words", "version")
        initial = {name: getattr(row, name) for name in names}
    form = CorrectionForm(posted(request), status=application.status, initial=initial)
    sent = save(
        request,
        form,
        lambda: prepare_correction(
            application=application,
            outcome=form.cleaned_data["outcome"],
            reason=form.cleaned_data["reason"],
            words=form.cleaned_data["words"],
            read_version=form.cleaned_data["version"],
            by=request.user,
        ),
    )
    if sent.is_done:
        done = _("The correction is prepared. Ask another coordinator to confirm it.")
        return finish(request, done, "assessment:correction", sent.result.pk)
    context = NAV | {
        "application": application,
        "form": form,
        "stored": sent.stale.current if sent.stale else None,
        "in_the_way": in_the_way(application),
    }
    return render(request, "assessment/correct.html", context, status=sent.status)


def _correction_or_404(request: SignedInRequest, pk: int) -> Correction:
    found = corrections_seen(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_GET
@staff_required
def correction(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what was, what will be, and the correcting letter beside the one that it corrects."""
    require_perm(request.user, "assessment.view_outcomes")
    row = _correction_or_404(request, pk)
    first, letter = letter_that_told(row.was), letter_of(row)
    context = NAV | {
        "correction": row,
        "application": row.application,
        "letter": letter,
        "pieces": pieces_between(first.text, letter.text) if first else None,
        "version_form": VersionForm(initial={"version": row.version}, auto_id=False),
        "may_confirm": request.user.has_perm("assessment.confirm_correction", row),
        "may_correct": request.user.has_perm("assessment.correct_decision", row.application),
    }
    return render(request, "assessment/correction.html", context)


def _pressed(
    request: SignedInRequest, pk: int, service: Callable[[Correction, int], Any], done: str
) -> HttpResponse:
    row = _correction_or_404(request, pk)
    require_perm(request.user, "assessment.correct_decision", row.application)
    form = VersionForm(request.POST)
    form.is_valid()
    press(request, lambda: service(row, form.cleaned_data["version"]), done)
    return redirect("assessment:correction", pk)


@require_POST
@staff_required
def confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put the decision right, as the second person; the city gets the letter."""
    return _pressed(
        request,
        pk,
        lambda row, read: confirm_correction(correction=row, by=request.user, read_version=read),
        _("The decision is put right. The correcting letter is on its way."),
    )


@require_POST
@staff_required
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give the correction up."""
    return _pressed(
        request,
        pk,
        lambda row, _read: discard_correction(correction=row, by=request.user),
        _("The correction is given up. The decision stands as it was told."),
    )
