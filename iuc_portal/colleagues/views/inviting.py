"""Inviting colleagues, and the page that the link of the mail opens."""

from typing import cast

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest
from accounts.models import User
from accounts.selectors import is_at
from core.kit.decorators import require_perm, staff_required
from core.kit.errors import WrongStateError
from core.kit.keys import hold_by_link, once
from core.kit.paging import page_of
from core.kit.saving import finish, posted, press, save
from iuc_portal.colleagues.errors import HasAccountError
from iuc_portal.colleagues.forms import InviteColleagueForm, JoinForm
from iuc_portal.colleagues.models import StaffInvitation
from iuc_portal.colleagues.selectors import account_at, invitation_by_token, open_invitations
from iuc_portal.colleagues.services import (
    become_colleague,
    invite_colleague,
    invite_colleague_again,
    take_back_invitation,
    take_up_role,
)
from programme.organisations.models import hash_of
from programme.organisations.states import InvitationState

PEOPLE = "organisations:staff_people"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def invite(request: SignedInRequest) -> HttpResponse:
    """Ask for address, role and countries, and invite."""
    require_perm(request.user, "accounts.manage_people")
    form = InviteColleagueForm(posted(request))
    sent = save(request, form, lambda: invite_colleague(by=request.user, **form.cleaned_data))
    if sent.is_done:
        done = _("%(email)s gets a link by mail.") % {"email": sent.result.email}
        return finish(request, done, "colleagues:invitations")
    has_account = isinstance(sent.error, HasAccountError)
    if isinstance(sent.error, HasAccountError):
        form.ask_about(sent.error.account)
    context = {"form": form, "has_account": has_account, "nav_current": PEOPLE}
    return render(request, "colleagues/invite.html", context, status=sent.status)


@require_safe
@staff_required
def invitations(request: SignedInRequest) -> HttpResponse:
    """List the invitations that nobody has taken up."""
    require_perm(request.user, "accounts.manage_people")
    context = {"page": page_of(request, open_invitations()), "nav_current": PEOPLE}
    return render(request, "colleagues/invitations.html", context)


@require_POST
@staff_required
def invite_again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send a fresh link."""
    require_perm(request.user, "accounts.manage_people")
    found = get_object_or_404(StaffInvitation, pk=pk)
    done = _("A fresh link is on its way to %(email)s.") % {"email": found.email}
    press(request, lambda: invite_colleague_again(invitation=found, by=request.user), done)
    return redirect("colleagues:invitations")


@require_POST
@staff_required
def take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take an invitation back; inviting again is as easy."""
    require_perm(request.user, "accounts.manage_people")
    found = get_object_or_404(StaffInvitation, pk=pk)
    done = _("The invitation of %(email)s is taken back.") % {"email": found.email}
    press(request, lambda: take_back_invitation(invitation=found, by=request.user), done)
    return redirect("colleagues:invitations")


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation; only a POST takes it up.

    Who has no account makes it here, and is led to the second factor. An account that was meant
    takes the role up once its owner has signed in.
    """
    # The second of two clicks is given the answer of the first.
    hold_by_link(request, hash_of(token))
    found = invitation_by_token(token)
    if found is None or found.state != InvitationState.OPEN:
        return _page(request, token, str(found.state) if found else "unknown", found, status=410)
    state, status = _met(request, found)
    if state == "open":
        return _join_anew(request, token, found)
    if state != "account" or request.method != "POST":
        return _page(request, token, state, found, status=status)
    user = cast("User", request.user)
    once(request, lambda: take_up_role(token=token, user=user))
    return finish(request, _("Welcome. Now set your second factor."), "mfa_index")


def _met(request: HttpRequest, found: StaffInvitation) -> tuple[str, int]:
    """Return in which state who opens a link that works meets it, with the status of the page."""
    user = request.user
    account = account_at(found.email)
    if user.is_authenticated and user.is_staff_member and is_at(user, found.email):
        return "has_role", 409
    if account and account.pk != found.account_id:
        return "unforeseen", 409
    if not user.is_authenticated:
        return ("signed_out" if account else "open"), 200
    if not account or not is_at(user, found.email):
        return "other_address", 403
    return "account", 200


def _join_anew(request: HttpRequest, token: str, found: StaffInvitation) -> HttpResponse:
    form = JoinForm(posted(request), email=found.email)
    sent = save(request, form, lambda: become_colleague(token=token, **form.cleaned_data))
    if not sent.is_done:
        if isinstance(sent.error, WrongStateError) and sent.error.code != "has_account":
            # It was used, taken back or sent anew while somebody typed.
            raise sent.error
        return _page(request, token, "open", found, form=form, status=sent.status)
    person = sent.result
    # The password was typed a moment ago: nobody asks for it again before the second factor.
    record_authentication(request, person, method="password", reauthenticated=True)
    answer: HttpResponse = perform_login(
        request, person, email_verification="none", redirect_url=reverse("mfa_activate_totp")
    )
    return answer


def _page(
    request: HttpRequest,
    token: str,
    state: str,
    found: StaffInvitation | None,
    *,
    form: JoinForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"invitation": found, "token": token, "state": state, "form": form}
    return render(request, "colleagues/join.html", context, status=status)
