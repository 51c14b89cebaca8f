"""Pages of the coordination unit about pairings."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import SignedInRequest
from core.kit import days
from core.kit.decorators import require_perm, staff_required
from core.kit.paging import page_of
from core.kit.saving import finish, posted, press, save
from core.trail.selectors import events_of
from pairings.forms import (
    CancelForm,
    CompleteForm,
    MoveMilestoneForm,
    PairingFilter,
    ReopenMilestoneForm,
    SignatureForm,
)
from pairings.models import Milestone, Pairing
from pairings.selectors import (
    monitor_row,
    mutual_pairs,
    pairing_counts,
    staff_pairings,
    timeline,
    wishes_among,
)
from pairings.services import (
    cancel_pairing,
    complete_milestone,
    complete_pairing,
    move_milestone,
    record_signature,
    reopen_milestone,
)
from pairings.states import LIVE, PairingStatus
from pairings.views.common import is_answered, pairing_or_404
from programme.organisations.models import Organisation

ROWS = 25


@require_GET
@staff_required
def staff_list(request: SignedInRequest) -> HttpResponse:
    """List all pairings the person sees, with where each stands."""
    require_perm(request.user, "pairings.list_pairings")
    form = PairingFilter(request.GET, user=request.user)
    chosen = form.chosen
    pairings = staff_pairings(
        user=request.user,
        search=chosen["q"],
        status=chosen["status"],
        call=chosen["call"],
        country=chosen["country"],
    )
    page = page_of(request, pairings, size=ROWS)
    today = days.today()
    context = {
        "form": form,
        "is_on": any(chosen.values()),
        "page": page,
        "rows": [monitor_row(pairing, today) for pairing in page],
        "stats": _stats(pairing_counts(request.user)),
        "may_create": request.user.has_perm("pairings.create_pairing"),
    }
    return render(request, "pairings/staff_list.html", context)


@require_GET
@staff_required
def staff_detail(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show one pairing with its answers, signatures, milestones and history."""
    pairing = pairing_or_404(request, reference)
    require_perm(request.user, "pairings.list_pairings")
    today = days.today()
    may = {
        name: request.user.has_perm(f"pairings.{name}", pairing)
        for name in (
            "cancel_pairing",
            "complete_pairing",
            "correct_pairing",
            "follow_up_proposal",
            "move_milestone",
        )
    }
    may["sign"] = request.user.has_perm("pairings.record_signature", pairing.members.all()[0])
    context = {
        "pairing": pairing,
        "steps": timeline(pairing, today),
        "events": events_of(pairing),
        "may": may,
        "is_live": pairing.status in LIVE,
        "is_answered": is_answered(pairing),
        "is_late": bool(pairing.accept_by and pairing.accept_by < days.now()),
        "mutual": _mutual(request, pairing),
        "today": today,
    }
    return render(request, "pairings/staff_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def staff_cancel(request: SignedInRequest, reference: str) -> HttpResponse:
    """Ask for the reason and cancel the pairing."""
    pairing = pairing_or_404(request, reference)
    require_perm(request.user, "pairings.cancel_pairing", pairing)
    is_proposed = pairing.status == PairingStatus.PROPOSED
    form = CancelForm(posted(request))
    sent = save(
        request,
        form,
        lambda: cancel_pairing(
            pairing=pairing, reason=form.cleaned_data["reason"], by=request.user
        ),
    )
    if sent.is_done:
        done = (
            _("The proposal is withdrawn. Its cities have been told.")
            if is_proposed
            else _("The pairing is cancelled. Its cities have been told.")
        )
        return finish(request, done, "pairings:staff_detail", pairing.reference)
    return _confirm(
        request,
        pairing,
        form,
        sent.status,
        question=_("Withdraw this proposal?") if is_proposed else _("Cancel this pairing?"),
        consequences=[
            _("It ends at once, and that cannot be undone."),
            _("The places of all its cities are free for other pairings."),
            _("Every lead of its cities gets your reason by mail."),
        ],
        action_label=_("Yes, withdraw it") if is_proposed else _("Yes, cancel the pairing"),
        cancel_label=_("No, keep the proposal") if is_proposed else _("No, keep the pairing"),
        danger=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def staff_complete(request: SignedInRequest, reference: str) -> HttpResponse:
    """Ask once more and close a cooperation that has ended as foreseen."""
    pairing = pairing_or_404(request, reference)
    require_perm(request.user, "pairings.complete_pairing", pairing)
    left = list(pairing.milestones.filter(done_at=None))
    form = CompleteForm(posted(request), left=bool(left))
    sent = save(
        request,
        form,
        lambda: complete_pairing(pairing=pairing, by=request.user, **form.cleaned_data),
    )
    if sent.is_done:
        done = _("The cooperation is completed. Thank you.")
        return finish(request, done, "pairings:staff_detail", pairing.reference)
    return _confirm(
        request,
        pairing,
        form,
        sent.status,
        question=_("Complete this cooperation?"),
        left=left,
        consequences=[
            _("It counts as ended as foreseen, and that cannot be undone."),
            _("The places of all its cities are free for other pairings."),
            _("Its public page stays."),
        ],
        action_label=_("Yes, complete it"),
        danger=False,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def staff_sign(request: SignedInRequest, reference: str, member: int) -> HttpResponse:
    """Record a party's signature on its behalf, from the signed copy."""
    pairing = pairing_or_404(request, reference)
    party = get_object_or_404(pairing.members.select_related("organisation"), pk=member)
    require_perm(request.user, "pairings.record_signature", party)
    form = SignatureForm(posted(request))
    sent = save(
        request,
        form,
        lambda: record_signature(member=party, by=request.user, **form.cleaned_data),
    )
    if sent.is_done:
        done = _("The signature of %(name)s is recorded.") % {"name": party.organisation.name}
        return finish(request, done, "pairings:staff_detail", pairing.reference)
    context = {"pairing": pairing, "member": party, "form": form}
    return render(request, "pairings/staff_sign.html", context, status=sent.status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def staff_milestone(request: SignedInRequest, reference: str, key: str) -> HttpResponse:
    """Move a milestone with a reason, or mark it as done (POST with `done`).

    Of one that is done: take that back, with a reason.
    """
    pairing = pairing_or_404(request, reference)
    milestone = get_object_or_404(pairing.milestones.select_related("pairing"), key=key)
    require_perm(request.user, "pairings.move_milestone", pairing)
    if "done" in request.POST:
        done = _("“%(title)s” is marked as done.") % {"title": milestone.title}
        press(request, lambda: complete_milestone(milestone=milestone, by=request.user), done)
        return redirect("pairings:staff_detail", pairing.reference)
    if milestone.done_at:
        return _reopen(request, pairing, milestone)
    form = MoveMilestoneForm(posted(request))
    sent = save(
        request,
        form,
        lambda: move_milestone(milestone=milestone, by=request.user, **form.cleaned_data),
    )
    if sent.is_done:
        done = _("The milestone has moved.")
        return finish(request, done, "pairings:staff_detail", pairing.reference)
    context = {"pairing": pairing, "milestone": milestone, "form": form}
    return render(request, "pairings/staff_milestone.html", context, status=sent.status)


def _reopen(request: SignedInRequest, pairing: Pairing, milestone: Milestone) -> HttpResponse:
    """Ask why a milestone is not done after all."""
    form = ReopenMilestoneForm(posted(request))
    sent = save(
        request,
        form,
        lambda: reopen_milestone(milestone=milestone, by=request.user, **form.cleaned_data),
    )
    if sent.is_done:
        done = _("“%(title)s” is open again.") % {"title": milestone.title}
        return finish(request, done, "pairings:staff_detail", pairing.reference)
    return _confirm(
        request,
        pairing,
        form,
        sent.status,
        question=_("Is “%(title)s” not done after all?") % {"title": milestone.title},
        consequences=[_("Its day counts again, and who owes it is reminded.")],
        action_label=_("Open it again"),
        cancel_label=_("Leave it as done"),
        danger=False,
    )


def _confirm(
    request: HttpRequest, pairing: Pairing, form: forms.Form, status: int, **context: Any
) -> HttpResponse:
    values = {"pairing": pairing, "form": form, **context}
    return render(request, "pairings/staff_confirm.html", values, status=status)


def _mutual(request: SignedInRequest, pairing: Pairing) -> list[tuple[Organisation, Organisation]]:
    """Return which of its cities wished for each other before."""
    if pairing.call_id is None:
        return []
    bodies = [member.organisation for member in pairing.members.all()]
    return mutual_pairs(wishes_among(pairing.call_id, bodies, request.user))


def _stats(counts: dict[str, int]) -> list[dict[str, Any]]:
    labels = (
        (PairingStatus.PROPOSED, _("Proposed"), _("waiting for an answer")),
        (PairingStatus.ACCEPTED, _("Accepted"), _("waiting for signatures")),
        (PairingStatus.RUNNING, _("Running"), _("signed by all")),
        (PairingStatus.COMPLETED, _("Completed"), _("ended as foreseen")),
        (PairingStatus.PUBLISHED, _("Published records"), _("of the programme so far")),
    )
    return [
        {
            "label": label,
            "value": counts.get(status, 0),
            "note": note,
            "url": f"?status={status.value}",
        }
        for status, label, note in labels
    ]
