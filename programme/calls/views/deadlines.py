"""The console's page on which a deadline of a published call moves."""

import datetime as dt
from dataclasses import replace

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from core.kit import days
from core.kit.clocks import in_brussels
from core.kit.decorators import require_perm, staff_required
from core.kit.saving import finish, posted, save
from programme.calls.forms.deadline import DeadlineForm, MoveForm
from programme.calls.mail import mails_of_move, told_of_move
from programme.calls.models import Call
from programme.calls.phases import Dates, MovedChart, moved_chart
from programme.calls.selectors import impact_of, readiness_of
from programme.calls.services import MovedDeadline, move_deadline
from programme.calls.states import Closing


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def call_deadline(
    request: SignedInRequest, slug: str, closing: Closing = Closing.CALL
) -> HttpResponse:
    """Try another closing time on what hangs on it, then move it there."""
    require_perm(request.user, "calls.edit_calls")
    call = get_object_or_404(Call.objects.published(), slug=slug)
    is_first_stage = closing == Closing.FIRST_STAGE
    if is_first_stage and not call.is_two_stage:
        raise Http404
    typed = request.POST if request.method == "POST" else request.GET
    tried = DeadlineForm(typed if "closes_day" in typed else None, call=call, closing=closing)
    form = MoveForm(posted(request), call=call, tried=tried)
    sent = save(request, form, lambda: move_deadline(call=call, by=request.user, **form.values()))
    if sent.is_done:
        return finish(request, _moved_in_words(sent.result), "calls:staff_call", call.slug)
    closes_at = tried.closes_at if tried.closes_at != tried.stored else None
    impact = impact_of(call, closing, request.user)
    if closes_at:
        impact.writers = told_of_move(impact, tried.stored, closes_at)
    reason = form["reason"].value() or _("(your reason)")
    mails = (
        mails_of_move(call=call, closes_at=closes_at, reason=reason, impact=impact)
        if closes_at
        else []
    )
    context = {
        "call": call,
        "is_first_stage": is_first_stage,
        "tried": tried,
        "form": form,
        "closes_at": closes_at,
        "is_past": closes_at is not None and closes_at < days.now(),
        "chart": _chart(call, tried, closes_at),
        "impact": impact,
        "readiness": readiness_of(call, closing, request.user),
        "mails": mails,
        "nav_current": "calls:staff_calls",
    }
    return render(request, "calls/staff_call_deadline.html", context, status=sent.status)


def _moved_in_words(moved: MovedDeadline) -> str:
    """Say when it closes now, how many were told, and what was taken back."""
    words = [
        (
            _("The first stage closes on %(day)s.")
            if moved.closing == Closing.FIRST_STAGE
            else _("The call closes on %(day)s.")
        )
        % {"day": in_brussels(moved.closes_at or days.now())}
    ]
    words.append(
        ngettext("%(count)d person is told.", "%(count)d people are told.", moved.told)
        % {"count": moved.told}
    )
    if moved.withdrawn:
        words.append(
            ngettext(
                "%(count)d reminder with the old date is taken back.",
                "%(count)d reminders with the old date are taken back.",
                moved.withdrawn,
            )
            % {"count": moved.withdrawn}
        )
    return " ".join(words)


def _chart(call: Call, tried: DeadlineForm, closes_at: dt.datetime | None) -> MovedChart | None:
    if closes_at is None or tried.stored is None or not call.closes_at or not call.opens_at:
        return None
    before = Dates(
        opens=timezone.localdate(call.opens_at),
        closes=timezone.localdate(call.closes_at),
        interest=call.interest_closes_at and timezone.localdate(call.interest_closes_at),
        decisions=call.decisions_on,
    )
    day = timezone.localdate(closes_at)
    after = (
        replace(before, interest=day)
        if tried.closing == Closing.FIRST_STAGE
        else replace(before, closes=day)
    )
    moved = (timezone.localdate(tried.stored), day)
    return moved_chart(before=before, after=after, moved=moved, today=days.today())
