"""Pages on which staff change a proposal, and follow it up."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import SignedInRequest
from core.kit.days import BRUSSELS, typed_day
from core.kit.decorators import require_perm, staff_required
from core.kit.saving import finish, posted, press, save
from pairings.forms import AmendForm, CorrectForm, ProlongForm
from pairings.models import Pairing
from pairings.selectors import topics_by_theme
from pairings.services import amend_pairing, correct_proposal, prolong_proposal, remind_parties
from pairings.states import PairingStatus
from pairings.views.common import is_answered, pairing_or_404

S = PairingStatus


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def staff_correct(request: SignedInRequest, reference: str) -> HttpResponse:
    """Correct a proposal that nobody has answered; later, write an amendment."""
    pairing = pairing_or_404(request, reference)
    require_perm(request.user, "pairings.correct_pairing", pairing)
    amends = is_answered(pairing)
    form: CorrectForm | AmendForm
    if amends:
        form = AmendForm(posted(request), initial=_stands(pairing), due_label=_due_label(pairing))
    else:
        form = CorrectForm(posted(request), initial=_stands(pairing))
    sent = save(request, form, lambda: _change(request, pairing, form))
    if sent.is_done:
        done = (
            _("The amendment is on the page of the pairing. Its cities have a mail.")
            if amends
            else _("The proposal is corrected. Its cities have a mail.")
        )
        return finish(request, done, "pairings:staff_detail", pairing.reference)
    near = [theme for topic in pairing.topics.all() for theme in topic.themes.all()]
    first = list(dict.fromkeys(near))
    context = {
        "pairing": pairing,
        "form": form,
        "is_answered": amends,
        "topic_groups": [
            {"theme": theme, "topics": topics, "is_near": theme in first}
            for theme, topics in topics_by_theme(first)
        ],
        "chosen_topics": {int(pk) for pk in form["topics"].value() or () if str(pk).isdecimal()},
    }
    return render(request, "pairings/staff_correct.html", context, status=sent.status)


def _due_label(pairing: Pairing) -> str:
    labels = {S.PROPOSED: _("Answers due"), S.ACCEPTED: _("Signatures due")}
    return labels.get(S(pairing.status), "")


def _stands(pairing: Pairing) -> dict[str, Any]:
    due = pairing.sign_by if pairing.status == S.ACCEPTED else pairing.accept_by
    day = typed_day(due.astimezone(BRUSSELS).date()) if due else ""
    return {
        "topics": [topic.pk for topic in pairing.topics.all()],
        "reason": pairing.reason,
        "answer_by": day,
        "due_on": day,
        "version": pairing.version,
    }


def _change(request: SignedInRequest, pairing: Pairing, form: CorrectForm | AmendForm) -> Any:
    data = form.cleaned_data
    said = {
        "pairing": pairing,
        "topics": data["topics"],
        "reason": data["reason"],
        "read_version": data["version"],
        "by": request.user,
    }
    if isinstance(form, CorrectForm):
        return correct_proposal(**said, answer_by=data["answer_by"])
    return amend_pairing(**said, name=data["name"], why=data["why"], due_on=data.get("due_on"))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def staff_prolong(request: SignedInRequest, reference: str) -> HttpResponse:
    """Ask for a later day and give the cities more time to answer."""
    pairing = pairing_or_404(request, reference)
    require_perm(request.user, "pairings.follow_up_proposal", pairing)
    form = ProlongForm(posted(request))
    sent = save(
        request,
        form,
        lambda: prolong_proposal(pairing=pairing, by=request.user, **form.cleaned_data),
    )
    if sent.is_done:
        done = _("The cities have more time. Who has not answered has a mail.")
        return finish(request, done, "pairings:staff_detail", pairing.reference)
    context = {"pairing": pairing, "form": form}
    return render(request, "pairings/staff_prolong.html", context, status=sent.status)


@require_POST
@staff_required
def staff_remind(request: SignedInRequest, reference: str) -> HttpResponse:
    """Write at once to who has not answered."""
    pairing = pairing_or_404(request, reference)
    require_perm(request.user, "pairings.follow_up_proposal", pairing)
    done = _("Who has not answered has a mail.")
    press(request, lambda: remind_parties(pairing=pairing, by=request.user), done)
    return redirect("pairings:staff_detail", pairing.reference)
