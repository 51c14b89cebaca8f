"""The call's own questions: a section at a time, saved as it is written."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applications.models import Application
from applications.services import save_section
from applications.views.pages import editable, frame, go_on, moved_on, show
from core.kit.days import saved_at_words
from core.kit.errors import InvalidError, WrongStateError
from core.kit.saving import refuse
from questionnaires.forms import ConflictForm, SectionForm, build_form, sent_conflicts
from questionnaires.forms.section import VERSION_PREFIX
from questionnaires.models import Section
from questionnaires.selectors import SectionView, section_view
from questionnaires.services import Saved


def _view_of(application: Application, section_key: str) -> SectionView:
    if application.response is None:
        raise Http404
    try:
        return section_view(application.response, section_key)
    except Section.DoesNotExist as error:
        raise Http404 from error


def _page(
    request: HttpRequest,
    application: Application,
    view: SectionView,
    form: SectionForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context = frame(application, view.key) | {
        "section": view.section,
        "form": form,
        "saved_time": saved_at_words(view.last_saved),
    }
    return show(request, "section.html", context, status)


def _conflict_page(
    request: HttpRequest, application: Application, view: SectionView, form: ConflictForm
) -> HttpResponse:
    context = frame(application, view.key) | {"section": view.section, "form": form}
    return show(request, "section_conflict.html", context, 409)


@require_http_methods(["GET", "POST"])
@login_required
def section(request: HttpRequest, key: str, section_key: str) -> HttpResponse:
    """Show a section; save it with or without JavaScript; show both texts of a conflict."""
    application = editable(request, key)
    view = _view_of(application, section_key)
    if request.method == "GET":
        if not application.is_draft:
            return moved_on(request, application)
        return _page(request, application, view, build_form(view))
    if "do" in request.POST:
        return _decide_conflict(request, application, view)
    return _save_page(request, application, view)


def _save_page(request: HttpRequest, application: Application, view: SectionView) -> HttpResponse:
    """Save what the page sent, and tell what is still missing in the section."""
    form = build_form(view, request.POST, complete=True)
    form.is_valid()
    try:
        saved = save_section(application=application, answers=form.sent(), by=request.user)
    except WrongStateError as error:
        # What was typed stays in the form, to be copied.
        refuse(form, error)
        return _page(request, application, view, form, status=error.status)
    if saved.conflicts:
        return _conflict_page(request, application, view, ConflictForm(saved.conflicts))
    view = _view_of(application, view.key)
    if form.is_valid():
        messages.success(request, _("Saved."))
        return go_on(application, view.key)
    return _page(request, application, view, _with_new_versions(request, view, saved))


def _with_new_versions(request: HttpRequest, view: SectionView, saved: Saved) -> SectionForm:
    """Return the form as it was sent, knowing the versions that were just made."""
    data = request.POST.copy()
    for answer in saved.answers:
        data[VERSION_PREFIX + answer.question.key] = str(answer.version)
    form = build_form(view, data, complete=True)
    form.is_valid()
    return form


def _decide_conflict(
    request: HttpRequest, application: Application, view: SectionView
) -> HttpResponse:
    try:
        form = ConflictForm(sent_conflicts(view, request.POST), request.POST)
        if request.POST["do"] == "choices" or not form.is_valid():
            return _conflict_page(request, application, view, form)
        saved = save_section(application=application, answers=form.decided(), by=request.user)
    except InvalidError as error:
        messages.error(request, error.message)
        return redirect("applications:section", application.key, view.key)
    if saved.conflicts:
        return _conflict_page(request, application, view, ConflictForm(saved.conflicts))
    messages.success(request, _("Saved. The other text stays in the history."))
    return redirect("applications:section", application.key, view.key)


def _answer(status: int, state: dict[str, Any], **more: Any) -> JsonResponse:
    html = render_to_string("components/save_state.html", state)
    return JsonResponse({"version": 0, "html": html, **more}, status=status)


@require_POST
@login_required
def section_save(request: HttpRequest, key: str, section_key: str) -> JsonResponse:
    """Save what is written so far, for autosave.js (docs/frontend.md has the contract)."""
    application = editable(request, key)
    view = _view_of(application, section_key)
    form = build_form(view, request.POST)
    form.is_valid()
    try:
        saved = save_section(application=application, answers=form.sent(), by=request.user)
    except WrongStateError as error:
        return _answer(410, {"state": "refused", "text": error.message})
    versions = {answer.question.key: answer.version for answer in saved.answers}
    swap = {
        "versions": render_to_string(
            "applications/section_versions.html",
            {"form": form, "prefix": VERSION_PREFIX, "versions": versions},
        )
    }
    if saved.conflicts:
        other = saved.conflicts[0].answer
        conflict = {
            "state": "conflict",
            "name": str(other.saved_by or _("Somebody else")),
            "time": saved_at_words(other.saved_at),
        }
        return _answer(409, conflict, swap=swap)
    state: dict[str, Any] = {"state": "saved", "time": saved_at_words(timezone.now())}
    if form.errors:
        state |= {"state": "incomplete", "count": len(form.errors)}
    return _answer(200, state, swap=swap)
