"""Asking to be let into an organisation of the portal, and answering: for cities and for staff."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest
from core.files.serving import serve
from core.kit import days
from core.kit.decorators import require_perm
from core.kit.saving import finish, posted, press, save
from programme.organisations.forms import ClaimForm, FindForm, RoleForm, ToldReasonForm
from programme.organisations.models import Claim, Organisation
from programme.organisations.rules import has_lead
from programme.organisations.selectors import (
    claims_of,
    likely_doubles,
    mail_domain_of,
    organisations_spelt_like,
    organisations_to_ask,
    with_people,
)
from programme.organisations.services import (
    ask_to_join,
    grant_claim,
    object_to_claim,
    refuse_claim,
    withdraw_claim,
)
from programme.organisations.states import MembershipRole, Standing
from programme.organisations.views.frames import frame_of, go_on

# Requests of one's own that are shown beside the search.
LAST_ASKED = 5


@require_safe
@login_required
def find(request: SignedInRequest) -> HttpResponse:
    """Find the organisation that a person works for, to ask to be let in."""
    require_perm(request.user, "organisations.ask_to_join")
    form = FindForm(request.GET if "q" in request.GET else None)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    found = organisations_to_ask(words) if words else []
    context = {
        "form": form,
        "words": words,
        "found": found,
        "near": [] if found or not words else organisations_spelt_like(words),
        "is_nothing_found": not found,
        "asked": claims_of(request.user)[:LAST_ASKED],
        "nav_current": "homes:workspace",
    }
    return render(request, "organisations/claim_find.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ask(request: SignedInRequest, slug: str) -> HttpResponse:
    """Ask to work for an organisation."""
    require_perm(request.user, "organisations.ask_to_join")
    open_ones = Organisation.objects.lasting().exclude(standing=Standing.REFUSED)
    organisation = get_object_or_404(with_people(open_ones), slug=slug)
    initial = {"office": request.user.job_title}
    form = ClaimForm(posted(request), request.FILES, by=request.user, initial=initial)
    form.keep()
    sent = save(
        request,
        form,
        lambda: ask_to_join(
            organisation=organisation,
            by=request.user,
            office=form.cleaned_data["office"],
            address=form.cleaned_data["address"],
            words=form.cleaned_data["note"],
            upload=form.cleaned_data["file"],
        ),
    )
    if sent.is_done:
        return _asked(request, sent.result)
    is_led = has_lead(request.user, organisation)
    context = {
        "organisation": organisation,
        "form": form,
        "is_led": is_led,
        "domain": None if is_led else mail_domain_of(request.user, organisation),
        "nav_current": "homes:workspace",
    }
    return render(request, "organisations/claim_ask.html", context, status=sent.status)


def _asked(request: SignedInRequest, claim: Claim) -> HttpResponse:
    """Lead on: who can begin to draft goes where they wanted to."""
    name = claim.organisation.name
    if claim.domain:
        done = _("You are the lead of %(name)s.") % {"name": name}
        return go_on(request, done, "organisations:team", claim.organisation.slug)
    if claim.stand_in_id:
        done = _("You have asked to speak for %(name)s. You can begin to write meanwhile.")
        return go_on(request, done % {"name": name}, "organisations:claim", claim.pk)
    done = _("You have asked the team of %(name)s. You get a mail with the answer.")
    return finish(request, done % {"name": name}, "organisations:claim", claim.pk)


def _claim(request: SignedInRequest, pk: int) -> Claim:
    found = Claim.objects.visible_to(request.user).select_related(
        "organisation__country", "person", "letter", "answered_by"
    )
    return get_object_or_404(found, pk=pk)


def _show(
    request: SignedInRequest, claim: Claim, form: RoleForm, status: int = 200
) -> HttpResponse:
    user, organisation = request.user, claim.organisation
    is_led = has_lead(user, organisation)
    context = {
        "claim": claim,
        "organisation": organisation,
        "form": form,
        "is_led": is_led,
        "is_own": claim.person_id == user.pk,
        "may_answer": claim.is_open and user.has_perm("organisations.answer_claims", organisation),
        "may_object": _may_object(request, claim),
        "domain": mail_domain_of(claim.person, organisation),
        "doubles": likely_doubles(
            name=organisation.name, country=organisation.country, but=organisation
        )
        if user.has_perm("organisations.list_claims")
        else [],
        "nav_current": "organisations:staff_claims"
        if user.has_perm("organisations.list_claims")
        else "homes:workspace",
        **frame_of(user, organisation),
    }
    return render(request, "organisations/claim.html", context, status=status)


def _may_object(request: SignedInRequest, claim: Claim) -> bool:
    may = request.user.has_perm("organisations.confirm_organisations", claim.organisation)
    return may and claim.can_be_objected_to(days.now())


@require_safe
@login_required
def claim(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show who asks, and on what grounds, to who answers and to who has asked."""
    found = _claim(request, pk)
    return _show(request, found, RoleForm(initial={"role": MembershipRole.EDITOR}))


@require_safe
@login_required
def letter(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Hand out the letter that came with it."""
    found = _claim(request, pk)
    if found.letter is None:
        raise Http404
    return serve(found.letter)


@require_http_methods(["POST"])
@login_required
def grant(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let the person in."""
    found = _claim(request, pk)
    require_perm(request.user, "organisations.answer_claims", found.organisation)
    form = RoleForm(request.POST)
    if not has_lead(request.user, found.organisation):
        # The first one becomes the lead, whatever was sent.
        form.fields["role"].required = False
    sent = save(
        request,
        form,
        lambda: grant_claim(
            claim=found,
            by=request.user,
            role=form.cleaned_data["role"] or MembershipRole.LEAD,
        ),
    )
    if not sent.is_done:
        return _show(request, found, form, status=sent.status)
    done = _("%(person)s now works for %(name)s and has been told.")
    words = {"person": found.person, "name": found.organisation.name}
    return finish(request, done % words, *_after(request, found))


def _after(request: SignedInRequest, claim: Claim) -> tuple[str, ...]:
    """Return where who has answered goes on: to what waits next, or to the team."""
    if request.user.has_perm("organisations.list_claims"):
        return ("organisations:staff_claims",)
    return "organisations:team", claim.organisation.slug


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def refuse(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then refuse."""
    found = _claim(request, pk)
    require_perm(request.user, "organisations.answer_claims", found.organisation)
    form = ToldReasonForm(posted(request))
    sent = save(
        request,
        form,
        lambda: refuse_claim(claim=found, by=request.user, **form.cleaned_data),
    )
    if sent.is_done:
        done = _("%(person)s has been told.") % {"person": found.person}
        return finish(request, done, *_after(request, found))
    return _ask_again(request, found, form, "claim_refuse.html", sent.status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def object_to(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then take away the role that a mail domain has given."""
    found = _claim(request, pk)
    require_perm(request.user, "organisations.confirm_organisations", found.organisation)
    form = ToldReasonForm(posted(request))
    sent = save(
        request,
        form,
        lambda: object_to_claim(claim=found, by=request.user, **form.cleaned_data),
    )
    if sent.is_done:
        done = _("%(person)s works for %(name)s no more and has been told.")
        words = {"person": found.person, "name": found.organisation.name}
        return finish(request, done % words, "organisations:staff_claims")
    return _ask_again(request, found, form, "claim_object.html", sent.status)


def _ask_again(
    request: SignedInRequest, claim: Claim, form: ToldReasonForm, template: str, status: int
) -> HttpResponse:
    context = {
        "claim": claim,
        "organisation": claim.organisation,
        "form": form,
        **frame_of(request.user, claim.organisation),
        "cancel_url": reverse("organisations:claim", args=[claim.pk]),
    }
    return render(request, f"organisations/{template}", context, status=status)


@require_http_methods(["POST"])
@login_required
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take one's own request back."""
    found = get_object_or_404(request.user.claims.select_related("organisation"), pk=pk)
    done = _("You no longer ask to work for %(name)s.") % {"name": found.organisation.name}
    press(request, lambda: withdraw_claim(claim=found, by=request.user), done)
    return redirect("organisations:find")
