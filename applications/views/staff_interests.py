"""Staff: the expressions of interest of a call; who is invited, alone or with others."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import SignedInRequest
from applications.exports import EXPORT_INTERESTS, export_params
from applications.forms.interests import DecideForm, InterestFilterForm, TakeBackForm
from applications.models import Interest
from applications.parts import parts_of
from applications.selectors.interests import (
    application_after,
    as_staff_list,
    interest_counts,
    interests_narrowed,
    sent_interests,
)
from applications.services import decide_interests, take_back_decision
from applications.services.interests import Decided
from applications.states import InterestOutcome, InterestStatus
from core.jobs.services import start_job
from core.kit.decorators import require_perm, staff_required
from core.kit.paging import page_of
from core.kit.saving import finish, posted, press, save
from core.trail.selectors import events_of
from programme.calls.models import Call

NAV = {"nav_current": "calls:staff_calls"}


def _call(slug: str) -> Call:
    """Return a call in two stages; 404 for another one."""
    return get_object_or_404(Call, slug=slug, interest_closes_at__isnull=False)


@require_GET
@staff_required
def staff_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """List what was sent for a call: search, filter, choose some to decide."""
    require_perm(request.user, "applications.list_interests")
    call = _call(slug)
    everything = sent_interests(request.user, call)
    form = InterestFilterForm(request.GET)
    counts = interest_counts(everything)
    status = form.chosen.get("status", "")
    page = page_of(request, as_staff_list(interests_narrowed(everything, form.chosen)))
    context = NAV | {
        "call": call,
        "form": form,
        "page": page,
        "is_on": bool(form.chosen),
        "status": status,
        "total": sum(counts.values()),
        "shortcuts": [
            (value, label, counts[value])
            for value, label in InterestStatus.choices
            if counts.get(value)
        ],
        "waiting": counts.get(InterestStatus.SENT, 0),
        "may_decide": request.user.has_perm("applications.decide_interests")
        and any(row.is_sent for row in page.object_list),
    }
    return render(request, "interests/staff/list.html", context)


@require_POST
@staff_required
def export(request: SignedInRequest, slug: str) -> HttpResponse:
    """Start writing the filtered list into a file; the address carries the filters."""
    require_perm(request.user, "applications.list_interests")
    call = _call(slug)
    chosen = InterestFilterForm(request.GET).chosen
    params = export_params(chosen, request.POST.get("ending", ""), by=request.user)
    started = press(
        request,
        lambda: start_job(
            kind=EXPORT_INTERESTS, params=params | {"call": call.pk}, by=request.user
        ),
    )
    if not started.is_done:
        return redirect("applications:staff_interests", call.slug)
    return redirect("jobs:job", started.result.key)


def _found(request: SignedInRequest, pk: int) -> Interest:
    """Return an expression of interest that the person of staff may see; 404 otherwise."""
    require_perm(request.user, "applications.list_interests")
    rows = Interest.objects.reached_by(request.user).select_related(
        "call", "organisation__country", "sent_by", "decided_by"
    )
    return get_object_or_404(rows, pk=pk)


@require_GET
@staff_required
def staff_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what was sent, what became of it, and its history."""
    interest = _found(request, pk)
    application = application_after(interest)
    context = NAV | {
        "interest": interest,
        "call": interest.call,
        "parts": parts_of(interest.snapshot or {}),
        # A draft is the city's own: staff read that there is one, and open what was sent.
        "application": application,
        "may_decide": request.user.has_perm("applications.decide_interest", interest),
        "events": events_of(interest),
    }
    return render(request, "interests/staff/detail.html", context)


@dataclass(frozen=True)
class Move:
    """One of the chosen, and whether the decision reaches it."""

    interest: Interest
    will_change: bool


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def staff_decide(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show what a decision on the chosen ones changes, ask for the reason, and decide."""
    require_perm(request.user, "applications.decide_interests")
    call = _call(slug)
    rows = sent_interests(request.user, call).select_related("organisation__country", "decided_by")
    chosen = {
        "interests": request.GET.getlist("interests"),
        "outcome": request.GET.get("outcome", ""),
    }
    form = DecideForm(posted(request), rows=rows, initial=chosen)
    moves = [Move(row, row.is_sent) for row in _chosen(rows, form)]
    if not moves or form["outcome"].value() not in InterestOutcome.values:
        messages.error(
            request, _("Choose at least one applicant in the list, and what becomes of it.")
        )
        return redirect("applications:staff_interests", call.slug)
    sent = save(request, form, lambda: decide_interests(by=request.user, **form.cleaned_data))
    if sent.is_done:
        return finish(request, _done(sent.result), "applications:staff_interests", call.slug)
    context = NAV | {
        "call": call,
        "form": form,
        "moves": moves,
        "changing": sum(move.will_change for move in moves),
    }
    return render(request, "interests/staff/decide.html", context, status=sent.status)


def _chosen(rows: Any, form: DecideForm) -> list[Interest]:
    """Return the rows that the page is about, whatever else was typed; nonsense names none."""
    typed = form["interests"].value() or []
    keys = [int(key) for key in map(str, typed) if key.isascii() and key.isdigit()]
    return list(rows.filter(pk__in=keys[:1000]).order_by("organisation__search_name", "pk"))


def _done(decided: Decided) -> str:
    """Say how many cities were told, and name those that were left as they are."""
    words = ngettext(
        "%(count)d city is told by mail.", "%(count)d cities are told by mail.", len(decided.done)
    ) % {"count": len(decided.done)}
    if decided.left:
        names = ", ".join(str(row.organisation) for row in decided.left)
        words += " " + _("Left as they are: %(names)s.") % {"names": names}
    return words


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def staff_take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then open the decision again."""
    interest = _found(request, pk)
    require_perm(request.user, "applications.decide_interest", interest)
    form = TakeBackForm(posted(request))
    sent = save(
        request,
        form,
        lambda: take_back_decision(interest=interest, by=request.user, **form.cleaned_data),
    )
    if sent.is_done:
        done = _("The decision is taken back. The city is told.")
        return finish(request, done, "applications:staff_interest", interest.pk)
    if request.method != "POST" and not interest.is_decided:
        return redirect("applications:staff_interest", interest.pk)
    context = NAV | {"interest": interest, "form": form, "application": application_after(interest)}
    return render(request, "interests/staff/take_back.html", context, status=sent.status)
