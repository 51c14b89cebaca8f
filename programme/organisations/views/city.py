"""Pages of a city's people: registering it, its team, invitations, leaving."""

from functools import partial

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest
from accounts.models import User
from accounts.selectors import is_at
from core.kit import days
from core.kit.decorators import require_perm
from core.kit.keys import once
from core.kit.saving import finish, posted, press, save
from programme.organisations.forms import (
    CitySearchForm,
    DeleteAccountForm,
    InviteForm,
    OrganisationForm,
    RoleForm,
)
from programme.organisations.models import Invitation, Membership, Organisation
from programme.organisations.selectors import (
    invitation_by_token,
    only_led_by,
    open_claims_on,
    open_invitations,
    team_of,
)
from programme.organisations.services import (
    accept_invitation,
    change_role,
    close_account,
    invite_member,
    remove_member,
    resend_invitation,
    revoke_invitation,
)
from programme.organisations.views.frames import frame_of, go_on, home_of
from programme.organisations.views.registering import register
from programme.selectors import suggested_cities

SUGGESTIONS = 10


@require_safe
def city_search(request: HttpRequest) -> JsonResponse:
    """Suggest cities by name for fields that ask for one; public, as the data are."""
    form = CitySearchForm(request.GET)
    if not form.is_valid():
        return JsonResponse([], safe=False)
    rows = [
        {"id": city.pk, "label": city.name, "hint": hint}
        for city, hint in suggested_cities(**form.cleaned_data, limit=SUGGESTIONS)
    ]
    return JsonResponse(rows, safe=False)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def organisation_new(request: SignedInRequest) -> HttpResponse:
    """Register the city of a person, who becomes its lead."""
    require_perm(request.user, "organisations.register_organisations")
    form = OrganisationForm(posted(request), initial={"city": request.GET.get("q", "")[:120]})
    sent, context = register(request, form)
    if sent.is_done:
        made = sent.result
        done = _("%(name)s is registered, and you are its lead.") % {"name": made.name}
        return go_on(request, done, "organisations:team", made.slug)
    return render(request, "organisations/organisation_new.html", context, status=sent.status)


def _organisation(user: User, slug: str) -> Organisation:
    found = Organisation.objects.visible_to(user).select_related("country")
    return get_object_or_404(found, slug=slug)


def _team(
    request: SignedInRequest, organisation: Organisation, form: InviteForm, status: int = 200
) -> HttpResponse:
    may_manage = request.user.has_perm("organisations.manage_members", organisation)
    context = {
        "organisation": organisation,
        "organisation_name": organisation.name,
        **frame_of(request.user, organisation),
        "team": team_of(organisation),
        "invitations": open_invitations(organisation),
        "form": form,
        "now": days.now(),
        "may_manage": may_manage,
        "may_describe": request.user.has_perm("organisations.describe_organisation", organisation),
        "claims": open_claims_on(organisation) if may_manage else [],
    }
    return render(request, "organisations/team.html", context, status=status)


@require_safe
@login_required
def team(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show who works for an organisation, and open invitations."""
    return _team(request, _organisation(request.user, slug), InviteForm())


@require_http_methods(["POST"])
@login_required
def invite(request: SignedInRequest, slug: str) -> HttpResponse:
    """Invite a person by mail."""
    organisation = _organisation(request.user, slug)
    require_perm(request.user, "organisations.manage_members", organisation)
    form = InviteForm(request.POST)
    sent = save(
        request,
        form,
        lambda: invite_member(organisation=organisation, by=request.user, **form.cleaned_data),
    )
    if not sent.is_done:
        return _team(request, organisation, form, status=sent.status)
    done = _("An invitation is on its way to %(email)s.") % {"email": sent.result.email}
    return finish(request, done, *home_of(request.user, organisation))


def _invitation_of(request: SignedInRequest, slug: str, pk: int) -> Invitation:
    organisation = _organisation(request.user, slug)
    require_perm(request.user, "organisations.manage_members", organisation)
    return get_object_or_404(organisation.invitations, pk=pk)


@require_http_methods(["POST"])
@login_required
def resend(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Send an invitation again with a fresh link."""
    invitation = _invitation_of(request, slug, pk)
    done = _("A new link is on its way to %(email)s. The old one no longer works.")
    press(
        request,
        lambda: resend_invitation(invitation=invitation, by=request.user),
        done % {"email": invitation.email},
    )
    return redirect(*home_of(request.user, invitation.organisation))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def revoke(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Ask once more, then take an invitation back."""
    invitation = _invitation_of(request, slug, pk)
    if request.method != "POST":
        frame = frame_of(request.user, invitation.organisation)
        context = {"invitation": invitation, "organisation": invitation.organisation, **frame}
        return render(request, "organisations/invitation_revoke.html", context)
    done = _("The invitation to %(email)s is taken back.") % {"email": invitation.email}
    press(request, lambda: revoke_invitation(invitation=invitation, by=request.user), done)
    return redirect(*home_of(request.user, invitation.organisation))


def _member(request: SignedInRequest, slug: str, pk: int) -> Membership:
    organisation = _organisation(request.user, slug)
    require_perm(request.user, "organisations.manage_members", organisation)
    return get_object_or_404(organisation.memberships.select_related("user"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def role(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Change a member's role."""
    membership = _member(request, slug, pk)
    form = RoleForm(posted(request), initial={"role": membership.role})
    sent = save(
        request,
        form,
        lambda: change_role(membership=membership, by=request.user, **form.cleaned_data),
    )
    if sent.is_done:
        done = _("The role of %(name)s is saved.") % {"name": membership.user}
        return finish(request, done, *home_of(request.user, membership.organisation))
    context = {
        "membership": membership,
        "organisation": membership.organisation,
        "form": form,
        **frame_of(request.user, membership.organisation),
    }
    return render(request, "organisations/member_role.html", context, status=sent.status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def remove(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Ask once more, then take a person off the team."""
    membership = _member(request, slug, pk)
    if request.method != "POST":
        frame = frame_of(request.user, membership.organisation)
        context = {"membership": membership, "organisation": membership.organisation, **frame}
        return render(request, "organisations/member_remove.html", context)
    done = _("%(name)s is off the team.") % {"name": membership.user}
    press(request, lambda: remove_member(membership=membership, by=request.user), done)
    return redirect(*home_of(request.user, membership.organisation))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def leave(request: SignedInRequest, slug: str) -> HttpResponse:
    """Ask once more, then let a person leave the team."""
    membership = get_object_or_404(
        Membership.objects.select_related("organisation", "user"),
        user=request.user,
        organisation__slug=slug,
    )
    organisation = membership.organisation
    if request.method != "POST":
        context = {"membership": membership, "organisation": organisation}
        return render(request, "organisations/member_leave.html", context)
    done = _("You have left the team of %(name)s.") % {"name": organisation.name}
    left = press(request, lambda: remove_member(membership=membership, by=request.user), done)
    if left.is_done:
        return redirect("homes:workspace")
    return redirect("organisations:team", organisation.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation and let the person it was sent to accept it."""
    found = invitation_by_token(token)
    state = found.state if found else "unknown"
    context = {"invitation": found, "token": token, "state": state}
    if state != "open" or found is None:
        return render(request, "organisations/invitation.html", context, status=410)
    if not request.user.is_authenticated:
        # A link may be passed on: who signs up with it still confirms the address by mail.
        return render(request, "organisations/invitation.html", {**context, "state": "signed_out"})
    if not is_at(request.user, found.email):
        return render(
            request,
            "organisations/invitation.html",
            {**context, "state": "other_address"},
            status=403,
        )
    if request.method != "POST":
        return render(request, "organisations/invitation.html", context)
    once(request, partial(accept_invitation, token=token, user=request.user))
    done = _("You now work for %(name)s.") % {"name": found.organisation.name}
    return go_on(request, done, "organisations:team", found.organisation.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def delete_account(request: SignedInRequest) -> HttpResponse:
    """Ask once more, then delete the person's own account."""
    form = DeleteAccountForm(posted(request))
    sent = save(request, form, lambda: close_account(user=request.user))
    if not sent.is_done:
        # What only holds drafts for a claim needs no lead.
        led = Organisation.objects.lasting().filter(
            pk__in=[o.pk for o in only_led_by(request.user)]
        )
        context = {"form": form, "only_lead_of": led}
        return render(request, "organisations/delete_account.html", context, status=sent.status)
    logout(request)
    answer = finish(request, _("Your account is deleted. Goodbye, and thank you."), "showcase:home")
    # What the browser kept of texts that were not sent goes with it.
    answer["Clear-Site-Data"] = '"storage"'
    return answer
