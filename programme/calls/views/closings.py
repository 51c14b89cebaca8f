"""The console's pages on closing times of single cities: extensions and codes for a late entry."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest
from core.kit import days
from core.kit.decorators import require_perm, staff_required
from core.kit.saving import finish, posted, save
from programme.calls.forms.closings import FindCityForm, GrantForm, LateCodeForm, RevokeForm
from programme.calls.models import Call, ExtensionRequest, LateCode, OwnClosing
from programme.calls.selectors import closing_of, codes_of, extensions_of
from programme.calls.services import (
    grant_extension,
    make_late_code,
    refuse_extension,
    revoke_late_code,
)
from programme.calls.states import EXTENSION_TONES, ExtensionStatus


@require_safe
@staff_required
def closings(request: SignedInRequest, slug: str) -> HttpResponse:
    """List which cities asked for more time for a call, and the codes for a late entry."""
    require_perm(request.user, "calls.decide_closings")
    call = get_object_or_404(Call.objects.published(), slug=slug)
    context = {
        "call": call,
        "extensions": [
            (row, EXTENSION_TONES[ExtensionStatus(row.status)]) for row in extensions_of(call)
        ],
        "codes": codes_of(call),
        "nav_current": "calls:staff_calls",
    }
    return render(request, "calls/staff_closings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def extension(request: SignedInRequest, pk: int) -> HttpResponse:
    """Decide on the wish of a city for more time."""
    require_perm(request.user, "calls.decide_closings")
    wish = get_object_or_404(
        ExtensionRequest.objects.select_related(
            "call", "organisation__country", "asked_by", "decided_by"
        ),
        pk=pk,
    )
    form = GrantForm(posted(request), wished_until=wish.wished_until)
    sent = save(request, form, lambda: _decide(wish, form, request))
    if sent.is_done:
        done = _("%(city)s is told.") % {"city": wish.organisation.name}
        return finish(request, done, "calls:staff_closings", wish.call.slug)
    context = {
        "wish": wish,
        "call": wish.call,
        "form": form,
        "closes_at": closing_of(wish.call, wish.organisation),
        "is_open": wish.status == ExtensionStatus.ASKED,
        "tone": EXTENSION_TONES[ExtensionStatus(wish.status)],
        "now": days.now(),
        "nav_current": "calls:staff_calls",
    }
    return render(request, "calls/staff_extension.html", context, status=sent.status)


def _decide(
    wish: ExtensionRequest, form: GrantForm, request: SignedInRequest
) -> OwnClosing | ExtensionRequest:
    """Carry out what the button that was pressed says."""
    reason = form.cleaned_data["reason"]
    if form.is_refusal:
        return refuse_extension(wish=wish, reason=reason, by=request.user)
    closes_at = form.cleaned_data["closes_at"]
    return grant_extension(wish=wish, closes_at=closes_at, reason=reason, by=request.user)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def code_new(request: SignedInRequest, slug: str) -> HttpResponse:
    """Make a code for a late entry; its words are shown on this answer and never again."""
    require_perm(request.user, "calls.decide_closings")
    call = get_object_or_404(Call.objects.published(), slug=slug)
    find = FindCityForm(request.GET)
    form = LateCodeForm(posted(request), call=call, found=find.found(call))
    sent = save(request, form, lambda: make_late_code(call=call, by=request.user, **form.values()))
    context = {"call": call, "find": find, "form": form, "nav_current": "calls:staff_calls"}
    if sent.is_done:
        code, words = sent.result
        context |= {"code": code, "words": words}
        return render(request, "calls/staff_late_code_made.html", context)
    return render(request, "calls/staff_late_code_new.html", context, status=sent.status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def code_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then take a code back."""
    require_perm(request.user, "calls.decide_closings")
    code = get_object_or_404(
        LateCode.objects.select_related("call", "organisation"), pk=pk, revoked_at=None
    )
    form = RevokeForm(posted(request))
    sent = save(
        request, form, lambda: revoke_late_code(code=code, by=request.user, **form.cleaned_data)
    )
    if sent.is_done:
        done = _("The code is taken back.")
        return finish(request, done, "calls:staff_closings", code.call.slug)
    context = {"code": code, "call": code.call, "form": form, "nav_current": "calls:staff_calls"}
    return render(request, "calls/staff_late_code_revoke.html", context, status=sent.status)
