"""Pages of the paired cities."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import SignedInRequest
from core.kit import days
from core.kit.decorators import require_perm
from core.kit.saving import finish, posted, save
from core.trail.selectors import events_of
from pairings.clocks import local_times, meeting_hours
from pairings.forms import AnswerForm, SignatureForm
from pairings.models import Pairing, PairingMember
from pairings.selectors import (
    comparison,
    days_to,
    exchanges,
    next_milestone,
    own_members,
    pairings_of,
    timeline,
)
from pairings.services import answer_pairing, record_signature
from pairings.states import PairingStatus, PartyAnswer
from pairings.timetable import LAPSES_AFTER, month_of
from pairings.views.common import pairing_or_404


@require_GET
@login_required
def mine(request: SignedInRequest) -> HttpResponse:
    """List the pairings of the person's organisations."""
    pairings = list(pairings_of(request.user))
    rows = [(pairing, _next_step(request, pairing)) for pairing in pairings]
    return render(request, "pairings/mine.html", {"rows": rows})


@require_GET
@login_required
def workspace(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show one pairing: where it stands, the agreement, the people, the clocks."""
    pairing = pairing_or_404(request, reference)
    today = days.today()
    upcoming = next_milestone(pairing)
    zones = _zones(pairing)
    return render(
        request,
        "pairings/workspace.html",
        {
            "pairing": pairing,
            "own": own_members(request.user, pairing),
            "todo": _todo(request, pairing),
            "steps": timeline(pairing, today),
            "upcoming": upcoming,
            "upcoming_in": days_to(upcoming.due_on, today) if upcoming else "",
            "month": month_of(pairing.started_on, today) if pairing.started_on else None,
            "clocks": local_times(zones, days.now()),
            "hours": meeting_hours(zones, today),
            "events": events_of(pairing)[:10],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def answer(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show a proposed pairing and let a lead of the city accept or decline it."""
    pairing = pairing_or_404(request, reference)
    member = _own_part(request, pairing, lambda m: m.answer == PartyAnswer.PENDING)
    if request.method == "POST":
        require_perm(request.user, "pairings.answer_pairing", member)
    elif pairing.status != PairingStatus.PROPOSED:
        return redirect("pairings:workspace", pairing.reference)
    form = AnswerForm(
        posted(request),
        initial={"version": pairing.version},
        is_region=member.organisation.is_region,
    )
    sent = save(request, form, lambda: _answer(request, member, form))
    if sent.is_done:
        return finish(request, _answered(form, member), "pairings:workspace", pairing.reference)
    context = {
        "pairing": pairing,
        "member": member,
        "own": [member],
        "comparison": comparison(pairing, member, days.now()),
        "exchanges": exchanges(pairing),
        "due_there": local_times(_zones(pairing), pairing.accept_by) if pairing.accept_by else [],
        "lapses_on": pairing.accept_by + LAPSES_AFTER if pairing.accept_by else None,
        "partners": [m for m in pairing.members.all() if m != member],
        "form": form,
        "may_answer": request.user.has_perm("pairings.answer_pairing", member),
        "is_late": bool(pairing.accept_by and pairing.accept_by < days.now()),
    }
    return render(request, "pairings/answer.html", context, status=sent.status)


def _zones(pairing: Pairing) -> list[tuple[str, str]]:
    return [(m.organisation.name, m.organisation.time_zone) for m in pairing.members.all()]


def _answer(request: SignedInRequest, member: PairingMember, form: AnswerForm) -> PairingMember:
    return answer_pairing(
        member=member,
        accept=form.accepts,
        reason=form.cleaned_data["reason"],
        read_version=form.cleaned_data["version"],
        by=request.user,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sign(request: SignedInRequest, reference: str) -> HttpResponse:
    """Let a lead record that the city has signed the Partnership Agreement."""
    pairing = pairing_or_404(request, reference)
    member = _own_part(request, pairing, lambda m: not hasattr(m, "signature"))
    require_perm(request.user, "pairings.record_signature", member)
    if request.method != "POST" and (
        pairing.status != PairingStatus.ACCEPTED or hasattr(member, "signature")
    ):
        return redirect("pairings:workspace", pairing.reference)
    form = SignatureForm(posted(request), initial=_signatory(member))
    sent = save(
        request,
        form,
        lambda: record_signature(member=member, by=request.user, **form.cleaned_data),
    )
    if sent.is_done:
        done = _("The signature is recorded. Thank you.")
        return finish(request, done, "pairings:workspace", pairing.reference)
    context = {"pairing": pairing, "member": member, "own": [member], "form": form}
    return render(request, "pairings/sign.html", context, status=sent.status)


def _own_part(
    request: SignedInRequest, pairing: Pairing, waits: Callable[[PairingMember], bool]
) -> PairingMember:
    """Return the person's party, one that still `waits` first; staff have none: 403."""
    own = own_members(request.user, pairing)
    if not own:
        raise PermissionDenied
    return next(filter(waits, own), own[0])


def _todo(request: SignedInRequest, pairing: Pairing) -> str:
    """Return what the person, as a lead, has to do now: "answer", "sign" or ""."""
    for member in own_members(request.user, pairing):
        if not request.user.has_perm("pairings.answer_pairing", member):
            continue
        if pairing.status == PairingStatus.PROPOSED and member.answer == PartyAnswer.PENDING:
            return "answer"
        if pairing.status == PairingStatus.ACCEPTED and not hasattr(member, "signature"):
            return "sign"
    return ""


def _next_step(request: SignedInRequest, pairing: Pairing) -> dict[str, object]:
    today = days.today()
    upcoming = next_milestone(pairing)
    return {
        "todo": _todo(request, pairing),
        "upcoming": upcoming,
        "upcoming_in": days_to(upcoming.due_on, today) if upcoming else "",
    }


def _answered(form: AnswerForm, member: PairingMember) -> str:
    name = member.organisation.name
    if not form.accepts:
        return _(
            "%(name)s has declined. The coordination unit reads your reason and will write to you."
        ) % {"name": name}
    if Pairing.objects.filter(pk=member.pairing_id, status=PairingStatus.ACCEPTED).exists():
        if member.pairing.is_region:
            return _("All regions have accepted. Now each of them signs the Partnership Agreement.")
        return _("All cities have accepted. Now each of them signs the Partnership Agreement.")
    return _("%(name)s has accepted. You get a mail as soon as your partner has answered.") % {
        "name": name
    }


def _signatory(member: PairingMember) -> dict[str, str]:
    """Begin with the signatory that the application named."""
    application = member.application
    return {
        "signatory_name": application.signatory_name if application else "",
        "signatory_office": application.signatory_office if application else "",
    }
