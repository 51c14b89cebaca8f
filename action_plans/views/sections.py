"""Writing and reading a part of a plan."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from action_plans.models import Plan
from action_plans.selectors import Overview, overview
from action_plans.services import (
    mark_section_done,
    reopen_plan_section,
    save_section_answers,
)
from action_plans.views.common import (
    may_write,
    own_plan_or_403,
    plan_context,
    plan_or_404,
)
from core.kit.days import saved_at_words
from core.kit.errors import InvalidError, PortalError
from questionnaires.forms import ConflictForm, SectionForm, build_form, sent_conflicts
from questionnaires.selectors import SectionView, answer_sittings
from questionnaires.services import Conflict, Saved

# Parts whose matter lies in lists of their own, with the address of the list.
LISTS = {
    "objectives": "action_plans:objectives",
    "goals": "action_plans:measures",
    "actions": "action_plans:measures",
    "funding": "action_plans:timeline",
    "timeline": "action_plans:timeline",
    "risks": "action_plans:measures",
}


def _find(plan: Plan, key: str) -> tuple[Overview, SectionView]:
    whole = overview(plan)
    try:
        return whole, whole.around(key)[1]
    except KeyError as error:
        raise Http404 from error


def _page(
    request: HttpRequest, plan: Plan, whole: Overview, key: str, form: SectionForm | None
) -> HttpResponse:
    before, view, after = whole.around(key)
    writes = may_write(request, plan) and not view.mark
    context = plan_context(
        request,
        plan,
        overview=whole,
        view=view,
        before=before,
        after=after,
        list_url=LISTS.get(key),
        form=(form or build_form(view)) if writes else None,
        saved_time=saved_at_words(view.last_saved),
    )
    return render(request, "action_plans/section.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def section(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """Show a part; its authors write it here, with or without JavaScript."""
    plan = plan_or_404(request, reference)
    whole, view = _find(plan, key)
    if request.method != "POST":
        return _page(request, plan, whole, key, None)
    plan = own_plan_or_403(request, reference)
    form = build_form(view, request.POST)
    if not form.is_valid():
        return _page(request, plan, whole, key, form)
    saved = save_section_answers(
        plan=plan,
        section_key=key,
        answers=form.sent(),
        by=request.user,  # type: ignore[arg-type]
    )
    if saved.conflicts:
        return _both_texts(request, plan, view, ConflictForm(saved.conflicts))
    if request.POST.get("do") == "done":
        return _mark(request, plan, key)
    messages.success(request, _("Saved. Mark the part as complete when it is."))
    return redirect("action_plans:section", reference, key)


def _mark(request: HttpRequest, plan: Plan, key: str) -> HttpResponse:
    """Mark a part as complete and go to the next one; show what is missing."""
    try:
        mark_section_done(plan=plan, section_key=key, by=request.user)  # type: ignore[arg-type]
    except InvalidError as error:
        whole, view = _find(plan, key)
        form = build_form(view, {}, complete=True)
        if form.is_valid():
            messages.error(request, error.message)
        return _page(request, plan, whole, key, form)
    whole, _view = _find(plan, key)
    after = whole.around(key)[2]
    messages.success(request, _("The part is complete. Open it again to change it."))
    if after is None:
        return redirect("action_plans:plan", plan.reference)
    return redirect("action_plans:section", plan.reference, after.key)


@require_POST
@login_required
def section_done(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """Mark a part as complete as it is stored."""
    plan = own_plan_or_403(request, reference)
    _find(plan, key)
    return _mark(request, plan, key)


@require_POST
@login_required
def section_reopen(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """Open a complete part again."""
    plan = own_plan_or_403(request, reference)
    _find(plan, key)
    reopen_plan_section(plan=plan, section_key=key, by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("The part is open again. Change it, then mark it as complete."))
    return redirect("action_plans:section", reference, key)


@require_POST
@login_required
def section_save(request: HttpRequest, reference: str, key: str) -> JsonResponse:
    """Save what is typed, while it is typed; the contract stands in docs/frontend.md."""
    plan = own_plan_or_403(request, reference)
    _whole, view = _find(plan, key)
    form = build_form(view, request.POST)
    form.is_valid()
    try:
        saved = save_section_answers(
            plan=plan,
            section_key=key,
            answers=form.sent(),
            by=request.user,  # type: ignore[arg-type]
        )
    except PortalError as error:
        html = _state("refused", text=error.message)
        return JsonResponse({"html": html}, status=410)
    swap = {"answer-versions": _versions(form, saved)}
    if saved.conflicts:
        other = saved.conflicts[0].answer
        html = _state(
            "conflict",
            name=str(other.saved_by or _("Somebody else")),
            time=saved_at_words(other.saved_at),
        )
        return JsonResponse({"html": html, "swap": swap}, status=409)
    wrong = len(form.errors)
    html = _state(
        "incomplete" if wrong else "saved", time=saved_at_words(timezone.now()), count=wrong
    )
    return JsonResponse({"version": 1, "html": html, "swap": swap})


def _state(state: str, **values: Any) -> str:
    return render_to_string("components/save_state.html", {"state": state, **values})


def _versions(form: SectionForm, saved: Saved) -> str:
    """Return the hidden version numbers of the page after a save.

    A number moves on only where the page shows what is stored. Where somebody else wrote
    and this writer did not, the old number stays, so that the old text cannot overwrite.
    """
    stored = {answer.question.key: answer for answer in saved.answers}
    versions = []
    for bound, hidden in form.question_fields():
        key, number = bound.name, hidden.value()
        answer = stored.get(key)
        if answer is not None:
            number = answer.version
        versions.append((hidden.html_name, number))
    return render_to_string("action_plans/versions.html", {"versions": versions})


@require_POST
@login_required
def section_conflict(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """Take one text, the other, or one made of both."""
    plan = own_plan_or_403(request, reference)
    _whole, view = _find(plan, key)
    conflicts: list[Conflict] = sent_conflicts(view, request.POST)
    if not conflicts:
        return redirect("action_plans:section", reference, key)
    form = ConflictForm(conflicts, request.POST)
    if request.POST.get("do") == "choices":
        return _both_texts(request, plan, view, form, status=200)
    if not form.is_valid():
        return _both_texts(request, plan, view, form, status=200)
    saved = save_section_answers(
        plan=plan,
        section_key=key,
        answers=form.decided(),
        by=request.user,  # type: ignore[arg-type]
    )
    if saved.conflicts:
        return _both_texts(request, plan, view, ConflictForm(saved.conflicts))
    messages.success(request, _("Saved. The other text stays in the history of the answer."))
    return redirect("action_plans:section", reference, key)


def _both_texts(
    request: HttpRequest, plan: Plan, view: SectionView, form: ConflictForm, status: int = 409
) -> HttpResponse:
    others = {c.answer.saved_by.get_short_name() for c in form.conflicts if c.answer.saved_by}
    context = plan_context(
        request, plan, view=view, form=form, other=others.pop() if len(others) == 1 else ""
    )
    return render(request, "action_plans/conflict.html", context, status=status)


@require_GET
@login_required
def answer_history(request: HttpRequest, reference: str, key: str, question: str) -> HttpResponse:
    """Show every text an answer has had: who wrote it and when."""
    plan = plan_or_404(request, reference)
    _whole, view = _find(plan, key)
    found = next((one for one in view.questions if one.key == question), None)
    if found is None:
        raise Http404
    context = plan_context(
        request,
        plan,
        view=view,
        question=found.question,
        sittings=answer_sittings(plan.response, question),
    )
    return render(request, "action_plans/answer_history.html", context)
