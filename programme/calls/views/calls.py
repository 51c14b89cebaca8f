"""The console's calls: list, editor, publishing."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest
from core.kit.decorators import require_perm, staff_required
from core.kit.differences import saved_first
from core.kit.paging import page_of
from core.kit.saving import SHOWN, Sent, finish, posted, press, save
from core.trail.selectors import events_of, last_to_change
from programme.calls.forms.calls import CallEditor, CopyForm
from programme.calls.models import Call
from programme.calls.phases import Bar, phase_bars
from programme.calls.selectors import (
    RulesImpact,
    editor_parts,
    publish_checks,
    staff_calls,
)
from programme.calls.services import copy_call, publish_call, save_call
from programme.calls.services.calls import impact_of_data
from programme.calls.states import CallStatus


@require_safe
@staff_required
def call_list(request: SignedInRequest) -> HttpResponse:
    """List all calls, drafts first."""
    require_perm(request.user, "calls.view_calls")
    page = page_of(request, staff_calls())
    may_edit = request.user.has_perm("calls.edit_calls")
    return render(request, "calls/staff_calls.html", {"page": page, "may_edit": may_edit})


def _bars(call: Call | None) -> list[Bar]:
    if call is None or not call.opens_at or not call.closes_at:
        return []
    return phase_bars(
        opens=timezone.localdate(call.opens_at),
        closes=timezone.localdate(call.closes_at),
        decisions=call.decisions_on,
        acceptance_days=call.acceptance_days,
        interest=call.interest_closes_at and timezone.localdate(call.interest_closes_at),
    )


def _show(
    request: SignedInRequest, call: Call | None, editor: CallEditor, sent: Sent[Call] | None = None
) -> HttpResponse:
    checks = publish_checks(call) if call else []
    context = {
        "call": call,
        "bars": _bars(call),
        "parts": editor_parts(checks),
        "editor": editor,
        "form": editor.form,
        "has_errors": editor.has_errors,
        "rules_impact": _impact(request, call, editor),
        "saved_first": saved_first(sent, by=last_to_change, rows=editor.differences),
        "may_edit": request.user.has_perm("calls.edit_calls"),
        "checks": checks,
        "events": events_of(call)[:5] if call else [],
        "nav_current": "calls:staff_calls",
    }
    return render(request, "calls/staff_call.html", context, status=sent.status if sent else SHOWN)


def _impact(request: SignedInRequest, call: Call | None, editor: CallEditor) -> RulesImpact | None:
    """Return what the typed changes do to drafts, where that is to be confirmed."""
    if call is None or not editor.shows_impact:
        return None
    # Only what is confirmed is missing: the rest was read.
    typed = set(editor.form.errors) <= {"impact_confirmed"} and all(
        rows.is_valid() for rows in editor.formsets
    )
    return impact_of_data(call, editor.data(), request.user) if typed else None


def _save(request: SignedInRequest, call: Call | None) -> HttpResponse:
    """Save what was typed, or show it again with what is wrong."""
    editor = CallEditor(request.POST, call=call)
    sent = save(
        request,
        editor,
        lambda: save_call(
            call=call,
            data=editor.data(),
            by=request.user,
            read_version=editor.form.cleaned_data["version"],
            reason=editor.form.cleaned_data.get("reason", ""),
            impact_confirmed=editor.form.cleaned_data.get("impact_confirmed", False),
        ),
    )
    if not sent.is_done:
        return _show(request, call, editor, sent)
    done = _("“%(title)s” is saved.") % {"title": sent.result.title}
    return finish(request, done, "calls:staff_call", sent.result.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def call_new(request: SignedInRequest) -> HttpResponse:
    """Draft a call."""
    require_perm(request.user, "calls.edit_calls")
    if request.method == "POST":
        return _save(request, None)
    return _show(request, None, CallEditor(start_from=request.GET.get("criteria", "")))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def call_copy(request: SignedInRequest, slug: str) -> HttpResponse:
    """Draft a call with the rules of another one."""
    require_perm(request.user, "calls.edit_calls")
    call = get_object_or_404(Call.objects.select_related("strand"), slug=slug)
    form = CopyForm(posted(request), call=call)
    sent = save(request, form, lambda: copy_call(call=call, by=request.user, **form.cleaned_data))
    if sent.is_done:
        done = _("The copy is a draft without dates. Set them, then publish it.")
        return finish(request, done, "calls:staff_call", sent.result.slug)
    context = {"call": call, "form": form, "nav_current": "calls:staff_calls"}
    return render(request, "calls/staff_call_copy.html", context, status=sent.status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def call_edit(request: SignedInRequest, slug: str) -> HttpResponse:
    """Edit a call; members of staff without the right read it."""
    require_perm(request.user, "calls.view_calls")
    call = get_object_or_404(Call.objects.select_related("strand"), slug=slug)
    if request.method == "POST":
        require_perm(request.user, "calls.edit_calls")
        return _save(request, call)
    editor = CallEditor(call=call, start_from=request.GET.get("criteria", ""))
    if not request.user.has_perm("calls.edit_calls"):
        editor.lock()
    return _show(request, call, editor)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def call_publish(request: SignedInRequest, slug: str) -> HttpResponse:
    """Ask once more, then publish."""
    require_perm(request.user, "calls.edit_calls")
    call = get_object_or_404(Call, slug=slug)
    if call.status == CallStatus.PUBLISHED:
        messages.info(request, _("This call is published already."))
        return redirect("calls:staff_call", call.slug)
    if request.method == "POST":
        done = _("“%(title)s” is published.") % {"title": call.title}
        press(request, lambda: publish_call(call=call, by=request.user), done)
        return redirect("calls:staff_call", call.slug)
    checks = publish_checks(call)
    context = {
        "call": call,
        "checks": checks,
        "ready": all(check.ok for check in checks),
        "nav_current": "calls:staff_calls",
    }
    return render(request, "calls/staff_call_publish.html", context)
