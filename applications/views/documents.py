"""The documents that a call asks for: put on file, replaced, taken away, opened."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import SignedInRequest
from applications import services
from applications.forms.documents import DocumentForm, DocumentForms
from applications.models import Application, ApplicationDocument
from applications.selectors import papers_of
from applications.views.pages import back_to, draft_view, form_page, frame, go_on, handed, show
from core.kit.keys import accept
from core.kit.saving import posted, press, save
from programme.calls.models import CallDocument


def _asked(application: Application, name: str) -> CallDocument:
    """Return a document of the application's call; 404 for one of another."""
    return get_object_or_404(application.call.documents.all(), key=name)


@require_http_methods(["GET", "HEAD", "POST"])
@draft_view
def documents(request: SignedInRequest, application: Application) -> HttpResponse:
    """List what the call asks for, with what is on file; put on file what was chosen."""
    papers = papers_of(application)
    forms = [_form_beside(request, paper.asked) for paper in papers]
    chosen = [form for form in forms if form.is_bound]
    if not chosen and "go_on" in request.POST:
        accept(request)
        return go_on(application, "documents")
    status = 200
    if chosen:
        together = DocumentForms(chosen)
        sent = save(
            request,
            together,
            lambda: services.add_documents(
                application=application, uploads=together.uploads(), by=request.user
            ),
        )
        if sent.is_done:
            messages.success(request, _("Saved."))
            if "go_on" in request.POST:
                return go_on(application, "documents")
            return back_to(application, "documents", f"d{chosen[0].asked.pk}")
        status = sent.status
    refused = [form for form in chosen if form.errors]
    context = frame(application, "documents") | {
        "rows": list(zip(papers, forms, strict=True)),
        "refused": refused,
        "has_errors": bool(refused),
    }
    return show(request, "documents.html", context, status)


def _form_beside(request: SignedInRequest, asked: CallDocument) -> DocumentForm:
    """Return the form of one document among all; bound where a file was chosen or asked for."""
    prefix, data = str(asked.pk), posted(request)
    is_chosen = data is not None and bool(
        f"{prefix}-file" in request.FILES
        or data.get(f"{prefix}-held")
        or data.get("put", "" if "go_on" in data else asked.key) == asked.key
    )
    form = DocumentForm(
        data if is_chosen else None, request.FILES, by=request.user, asked=asked, prefix=prefix
    )
    form.keep()
    return form


@require_http_methods(["GET", "POST"])
@draft_view
def document(request: SignedInRequest, application: Application, name: str) -> HttpResponse:
    """Put one document on file, or another in its place."""
    asked = _asked(application, name)
    form = DocumentForm(posted(request), request.FILES, by=request.user, asked=asked)
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
        then=lambda: back_to(application, "documents", f"d{asked.pk}"),
        asked=asked,
        on_file=application.documents.filter(asked=asked).select_related("file").first(),
    )


@require_http_methods(["GET", "POST"])
@draft_view
def document_remove(request: SignedInRequest, application: Application, name: str) -> HttpResponse:
    """Ask once more, then take a document away."""
    asked = _asked(application, name)
    if request.method == "POST":
        done = _("“%(name)s” is removed.") % {"name": asked.title}
        press(
            request,
            lambda: services.remove_document(application=application, asked=asked, by=request.user),
            done,
        )
        return back_to(application, "documents", f"d{asked.pk}")
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
