"""Pages on which a party and the unit write to each other about a pairing."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from core.kit.decorators import require_perm, staff_required
from core.kit.saving import finish, posted, save
from core.threads.selectors import messages_of
from pairings.forms import QuestionForm
from pairings.selectors import own_members
from pairings.services import answer_party, ask_staff
from pairings.states import LIVE
from pairings.views.common import pairing_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def questions(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show what the person's city has asked about the pairing, and let it ask."""
    pairing = pairing_or_404(request, reference)
    own = own_members(request.user, pairing)
    if not own:
        raise PermissionDenied
    member = own[0]
    may_ask = request.user.has_perm("pairings.ask_staff", member)
    if request.method == "POST":
        require_perm(request.user, "pairings.ask_staff", member)
    form = QuestionForm(posted(request))
    sent = save(
        request, form, lambda: ask_staff(member=member, by=request.user, **form.cleaned_data)
    )
    if sent.is_done:
        done = _("Sent. The coordination unit answers here, and your leads get a mail.")
        return finish(request, done, "pairings:questions", pairing.reference)
    context = {
        "pairing": pairing,
        "member": member,
        "messages_written": messages_of(member.thread) if member.thread else [],
        "form": form,
        "may_write": may_ask and pairing.status in LIVE,
    }
    return render(request, "pairings/questions.html", context, status=sent.status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def staff_questions(request: SignedInRequest, reference: str, member: int) -> HttpResponse:
    """Show what a party has asked, and let staff answer."""
    pairing = pairing_or_404(request, reference)
    require_perm(request.user, "pairings.list_pairings")
    party = get_object_or_404(pairing.members.select_related("organisation", "thread"), pk=member)
    may_answer = request.user.has_perm("pairings.answer_party", party)
    if request.method == "POST":
        require_perm(request.user, "pairings.answer_party", party)
    form = QuestionForm(posted(request))
    sent = save(
        request, form, lambda: answer_party(member=party, by=request.user, **form.cleaned_data)
    )
    if sent.is_done:
        done = _("Sent. The leads of %(name)s have a mail.") % {"name": party.name}
        return finish(request, done, "pairings:staff_questions", pairing.reference, party.pk)
    context = {
        "pairing": pairing,
        "member": party,
        "messages_written": messages_of(party.thread) if party.thread else [],
        "form": form,
        "may_write": may_answer and pairing.status in LIVE,
    }
    return render(request, "pairings/staff_questions.html", context, status=sent.status)
