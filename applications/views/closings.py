"""A city's pages on its closing time: more time asked for, a code for a late entry."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from applications.models import Application
from applications.selectors import organisations_that_may_apply, visible_calls
from applications.views.pages import draft_view, frame, show
from core.kit.clocks import in_brussels
from core.kit.saving import finish, posted, save
from core.kit.wanted import remember_wanted
from programme.calls.forms.closings import AskExtensionForm, RedeemForm
from programme.calls.models import Call
from programme.calls.selectors import asked_extension
from programme.calls.services import ask_extension, redeem_late_code
from programme.calls.states import CallPhase


@require_http_methods(["GET", "HEAD", "POST"])
@draft_view
def extension(request: SignedInRequest, application: Application) -> HttpResponse:
    """Ask staff for more time, or read what they decided."""
    form = AskExtensionForm(posted(request), closes_at=application.closes_at)
    sent = save(
        request,
        form,
        lambda: ask_extension(
            call=application.call,
            organisation=application.organisation,
            by=request.user,
            **form.values(),
        ),
    )
    if sent.is_done:
        done = _("The coordination unit is asked. You get a mail with its decision.")
        return finish(request, done, "applications:extension", application.key)
    context = frame(application) | {
        "form": form,
        "wish": asked_extension(application.call, application.organisation),
    }
    return show(request, "extension.html", context, sent.status)


def _is_second_stage(call: Call) -> bool:
    is_open = call.phase() == CallPhase.OPEN
    return is_open and call.interest_closes_at is not None and not call.takes_interests()


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def late_entry(request: SignedInRequest, call_slug: str) -> HttpResponse:
    """Take the code of a city for a late entry, and open the call for it."""
    call = get_object_or_404(visible_calls(), slug=call_slug)
    organisations = organisations_that_may_apply(request.user, call)
    form = RedeemForm(organisations, posted(request))
    sent = save(
        request,
        form,
        lambda: redeem_late_code(
            call=call,
            organisation=form.cleaned_data["organisation"],
            code=form.cleaned_data["secret_code"],
            by=request.user,
        ),
    )
    status = sent.status
    if sent.is_done and sent.result is not None:
        done = _("The call is open for you until %(moment)s.") % {
            "moment": in_brussels(sent.result.closes_at)
        }
        return finish(request, done, "applications:start", call.slug)
    if sent.is_done:
        # It was carried out, so that the attempt is on record; to its sender it is a mistake.
        form.add_error(
            "secret_code",
            _("This code does not fit. Look at it once more, and at the applicant that you chose."),
        )
        status = 422
    if not organisations:
        remember_wanted(request, reverse("applications:late_entry", args=[call.slug]))
    context = {
        "call": call,
        "form": form,
        "organisations": organisations,
        # Once the first of two stages is over, a code lets in who is not invited.
        "is_closed": call.phase() == CallPhase.CLOSED or _is_second_stage(call),
        "nav_current": "applications:mine",
    }
    return show(request, "late_entry.html", context, status)
