"""Staff: paragraphs that are written once and used in many letters."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import SignedInRequest
from applications.assessment.forms.outcomes import ParagraphForm
from applications.assessment.selectors.outcomes import paragraphs_for
from applications.assessment.services import remove_paragraph, save_paragraph
from applications.assessment.views.outcomes import NAV, call_or_404
from core.kit.decorators import require_perm, staff_required
from core.kit.saving import finish, posted, press, save


@require_GET
@staff_required
def paragraphs(request: SignedInRequest, slug: str) -> HttpResponse:
    """List the paragraphs that letters of the call may use."""
    require_perm(request.user, "assessment.view_outcomes")
    call = call_or_404(slug)
    context = NAV | {
        "call": call,
        "rows": paragraphs_for(call),
        "may_edit": request.user.has_perm("assessment.edit_paragraphs"),
    }
    return render(request, "assessment/paragraphs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def paragraph(request: SignedInRequest, slug: str, pk: int | None = None) -> HttpResponse:
    """Write a paragraph, or change one."""
    require_perm(request.user, "assessment.edit_paragraphs")
    call = call_or_404(slug)
    row = get_object_or_404(paragraphs_for(call), pk=pk) if pk is not None else None
    form = ParagraphForm(posted(request), paragraph=row)
    sent = save(
        request,
        form,
        lambda: save_paragraph(
            call=call,
            title=form.cleaned_data["title"],
            outcome=form.cleaned_data["outcome"],
            for_all=form.cleaned_data["for_all"],
            body=form.body,
            paragraph=row,
            read_version=form.cleaned_data["version"],
            by=request.user,
        ),
    )
    if sent.is_done:
        return finish(request, _("The paragraph is saved."), "assessment:paragraphs", slug)
    context = NAV | {
        "call": call,
        "paragraph": row,
        "form": form,
        "stored": sent.stale.current if sent.stale else None,
    }
    return render(request, "assessment/paragraph.html", context, status=sent.status)


@require_POST
@staff_required
def remove(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Remove a paragraph."""
    require_perm(request.user, "assessment.edit_paragraphs")
    row = get_object_or_404(paragraphs_for(call_or_404(slug)), pk=pk)
    done = _("The paragraph is removed. Letters that hold it keep its words.")
    press(request, lambda: remove_paragraph(paragraph=row, by=request.user), done)
    return redirect("assessment:paragraphs", slug)
