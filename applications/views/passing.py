"""Passing the application of a group on: the page of its lead, and that of who is asked."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import SignedInRequest
from applications import services
from applications.forms.passing import OfferForm, PassOnForm
from applications.models import LeadOffer
from applications.selectors import municipalities_of
from applications.selectors.passing import offers_to, open_offer, who_may_lead
from applications.states import ApplicantKind
from applications.views.pages import own_application, show
from core.kit.decorators import require_perm
from core.kit.saving import SHOWN, finish, posted, press, save


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def pass_on(request: SignedInRequest, key: str) -> HttpResponse:
    """Ask another member to lead the group, or see who is asked."""
    application = own_application(request, key)
    require_perm(request.user, "applications.withdraw_application", application)
    if application.revises:
        return redirect("applications:pass_on", application.revises.key)
    may_lead = who_may_lead(application)
    form = PassOnForm(posted(request), may_lead=may_lead)
    sent = save(
        request,
        form,
        lambda: services.offer_lead(application=application, by=request.user, **form.cleaned_data),
    )
    if sent.is_done:
        done = _("%(name)s is asked by mail. Until it accepts, you lead.") % {
            "name": sent.result.organisation.name
        }
        return finish(request, done, "applications:pass_on", application.key)
    context = {
        "application": application,
        "form": form,
        "may_lead": may_lead,
        "is_group": application.kind == ApplicantKind.GROUP and application.can_be_withdrawn,
        "waiting": open_offer(application),
        "organisation_name": application.organisation.name,
        "nav_current": "applications:mine",
    }
    return show(request, "pass_on.html", context, sent.status)


@require_POST
@login_required
def take_back(request: SignedInRequest, key: str) -> HttpResponse:
    """End the offer that waits."""
    application = own_application(request, key)
    require_perm(request.user, "applications.withdraw_application", application)
    waiting = open_offer(application)
    if waiting is not None:
        done = _("The offer is taken back. You lead the group.")
        press(request, lambda: services.take_offer_back(offer=waiting, by=request.user), done)
    return redirect("applications:pass_on", application.key)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def lead_offer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the group that the person's organisation is asked to lead; accept or decline."""
    offer: LeadOffer = get_object_or_404(offers_to(request.user), pk=pk)
    may_answer = request.user.has_perm("applications.answer_lead_offer", offer)
    if request.method == "POST":
        require_perm(request.user, "applications.answer_lead_offer", offer)
    form = OfferForm(posted(request))
    sent = save(
        request,
        form,
        lambda: services.answer_offer(offer=offer, by=request.user, **form.cleaned_data),
    )
    if sent.is_done and form.cleaned_data["accepted"]:
        done = (
            _("You lead the group now. Read what is left to do.")
            if sent.result.application.is_draft
            else _(
                "You lead the group now. Reopen the application, name the second contact and who "
                "signs, ask the former lead to commit, and send it again."
            )
        )
        return finish(request, done, "applications:detail", sent.result.application.key)
    if sent.is_done:
        done = _("You have declined. The present lead has been told.")
        return finish(request, done, "applications:lead_offer", pk)
    if sent.status != SHOWN:
        # It may have been taken back meanwhile.
        offer.refresh_from_db(fields=["state"])
    context = {
        "offer": offer,
        "application": offer.application,
        # Who was asked once is not told who joins later.
        "members": municipalities_of(offer.application) if offer.is_open else [],
        "form": form,
        "may_answer": may_answer,
        "organisation_name": offer.organisation.name,
        "nav_current": "applications:mine",
    }
    return show(request, "lead_offer.html", context, sent.status)
