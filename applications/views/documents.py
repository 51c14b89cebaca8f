"""The documents that a call asks for: put on file, replaced, taken away, opened."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts.http import SignedInRequest
from applications import services
from applications.forms.documents import DocumentForm
from applications.models import Application, ApplicationDocument
from applications.selectors import papers_of
from applications.views.pages import draft_view, form_page, frame, handed, show
from core.kit.saving import posted, press
from programme.calls.models import CallDocument


def _asked(application: Application, name: str) -> CallDocument:
    """Return a document of the application's call; 404 for one of another."""
    return get_object_or_404(application.call.documents.all(), key=name)


@require_safe
@draft_view
def documents(request: SignedInRequest, application: Application) -> HttpResponse:
    """List what the call asks for, with what is on file."""
    papers = papers_of(application)
    rows = [
        (
            paper,
            DocumentForm(
                by=request.user, title=paper.asked.title, auto_id=f"id_{paper.asked.pk}_%s"
            ),
        )
        for paper in papers
    ]
    return show(request, "documents.html", frame(application, "documents") | {"rows": rows})


@require_http_methods(["GET", "POST"])
@draft_view
def document(request: SignedInRequest, application: Application, name: str) -> HttpResponse:
    """Put one document on file, or another in its place."""
    asked = _asked(application, name)
    form = DocumentForm(posted(request), request.FILES, by=request.user, title=asked.title)
    form.keep()
    return form_page(
        request,
        application,
        form,
        template="document.html",
        step="documents",
        service=lambda: services.add_document(
            application=application, asked=asked, upload=form.cleaned_data["file"], by=request.user
        ),
        then=lambda: redirect("applications:documents", application.key),
        asked=asked,
        on_file=application.documents.filter(asked=asked).select_related("file").first(),
    )


@require_http_methods(["GET", "POST"])
@draft_view
def document_remove(request: SignedInRequest, application: Application, name: str) -> HttpResponse:
    """Ask once more, then take a document away."""
    asked = _asked(application, name)
    if request.method == "POST":
        done = _("“%(name)s” is taken away.") % {"name": asked.title}
        press(
            request,
            lambda: services.remove_document(application=application, asked=asked, by=request.user),
            done,
        )
        return redirect("applications:documents", application.key)
    if not application.documents.filter(asked=asked).exists():
        messages.info(request, _("Nothing is on file for this document."))
        return redirect("applications:documents", application.key)
    context = frame(application, "documents") | {"asked": asked}
    return show(request, "document_remove.html", context)


@require_GET
@login_required
def document_file(request: SignedInRequest, key: str, name: str) -> HttpResponseBase:
    """Hand out a document to who may see the application."""
    visible = Application.objects.visible_to(request.user)
    application = get_object_or_404(visible, Q(reference=key) | Q(draft_key=key))
    found = get_object_or_404(
        ApplicationDocument.objects.select_related("file"), application=application, asked__key=name
    )
    return handed(request, found.file)
