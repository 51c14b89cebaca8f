"""Committing online: the city asks, the office commits without an account, staff open it."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import SignedInRequest
from applications import services
from applications.forms.city import CommitOnlineForm, InviteForm
from applications.forms.staff import VerdictForm
from applications.models import Application, Commitment, OnlineInvitation
from applications.selectors import UNDER_CHECK, sent_applications
from applications.selectors.addresses import advice_on, invitation_of
from applications.services.online import require_usable, statement_of
from applications.views.pages import draft_view, editable, form_page, frame, municipality_of, show
from core.kit.decorators import require_perm, staff_required
from core.kit.errors import PortalError
from core.kit.saving import finish, posted, press, save


@require_http_methods(["GET", "POST"])
@draft_view
def invite(request: SignedInRequest, application: Application, pk: int) -> HttpResponse:
    """Ask a municipality by mail to commit online."""
    municipality = municipality_of(application, pk)
    form = InviteForm(posted(request), initial={"email": municipality.contact_email})
    return form_page(
        request,
        application,
        form,
        template="commitment_invite.html",
        step="applicant",
        service=lambda: services.invite_online(
            municipality=municipality, by=request.user, **form.cleaned_data
        ),
        then=lambda: redirect("applications:applicant", application.key),
        municipality=municipality,
    )


def _invitation(application: Application, pk: int) -> OnlineInvitation:
    rows = OnlineInvitation.objects.select_related("municipality__application")
    return get_object_or_404(rows, municipality=municipality_of(application, pk))


@require_POST
@login_required
def resend(request: SignedInRequest, key: str, pk: int) -> HttpResponse:
    """Send a fresh link to the same address."""
    application = editable(request, key)
    invitation = _invitation(application, pk)
    press(
        request,
        lambda: services.invite_online(
            municipality=invitation.municipality, email=invitation.email, by=request.user
        ),
        _("A fresh link is on its way to %(email)s.") % {"email": invitation.email},
    )
    return redirect("applications:applicant", application.key)


@require_http_methods(["GET", "POST"])
@draft_view
def revoke(request: SignedInRequest, application: Application, pk: int) -> HttpResponse:
    """Ask once more, then take the invitation back."""
    invitation = _invitation(application, pk)
    if request.method == "POST":
        done = _("The invitation to %(email)s is taken back.") % {"email": invitation.email}
        press(request, lambda: services.revoke_online(invitation=invitation, by=request.user), done)
        return redirect("applications:applicant", application.key)
    context = frame(application, "applicant") | {"invitation": invitation}
    return show(request, "commitment_revoke.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def commit(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the link commits to; only sending the page binds, once.

    Whoever has the link may use it: it is the mail's own. Mail programmes that open links to
    look at them change nothing.
    """
    invitation = invitation_of(token)
    if invitation is None:
        return _commit_page(request, {"state": "unknown"}, 410)
    application = invitation.application
    context = {
        "state": "open",
        "invitation": invitation,
        "municipality": invitation.municipality,
        "application": application,
        "statement": statement_of(invitation.municipality).splitlines(),
    }
    try:
        require_usable(invitation)
    except PortalError as error:
        if error.code == "used" and request.method == "POST":
            # An impatient second click finds what the first has done.
            return redirect(request.path)
        context |= {"state": error.code, "sentence": error.message}
        return _commit_page(request, context, 200 if error.code == "used" else 410)
    if request.method == "POST":
        limited = ratelimit.consume_or_429(request, action="commit_online")
        if limited is not None:
            return limited
    form = CommitOnlineForm(posted(request))
    sent = save(
        request,
        form,
        lambda: services.commit_online(
            token=token, name=form.cleaned_data["name"], office=form.cleaned_data["office"]
        ),
    )
    if sent.is_done:
        messages.success(request, _("Thank you. The commitment is recorded."))
        return redirect(request.path)
    return _commit_page(request, {**context, "form": form}, sent.status)


def _commit_page(request: HttpRequest, context: dict[str, object], status: int) -> HttpResponse:
    response = render(request, "applications/commit.html", context, status=status)
    # The address is a secret: no search engine keeps it, and no link of the page tells it.
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_http_methods(["GET", "POST"])
@staff_required
def staff_commitment(request: SignedInRequest, reference: str, pk: int) -> HttpResponse:
    """Open a commitment, and say whether it counts."""
    application = sent_applications(request.user).filter(reference=reference).first()
    if application is None:
        raise Http404
    rows = Commitment.objects.select_related("file", "municipality__country", "verdict_by")
    commitment = get_object_or_404(rows, municipality=pk, municipality__application=application)
    municipality = commitment.municipality
    may_judge = application.status in UNDER_CHECK and request.user.has_perm(
        "applications.check_application", application
    )
    if request.method == "POST":
        require_perm(request.user, "applications.check_application", application)
    initial = {"verdict": commitment.verdict, "reason": commitment.verdict_reason}
    form = VerdictForm(posted(request), initial=initial)
    sent = save(
        request,
        form,
        lambda: services.judge_commitment(
            commitment=commitment,
            verdict=form.cleaned_data["verdict"],
            reason=form.cleaned_data["reason"],
            by=request.user,
        ),
    )
    if sent.is_done:
        done = _("%(name)s: %(verdict)s.") % {
            "name": municipality.name,
            "verdict": sent.result.get_verdict_display(),
        }
        return finish(request, done, "applications:staff_detail", application.reference)
    context = {
        "application": application,
        "municipality": municipality,
        "commitment": commitment,
        "statement": commitment.statement.splitlines(),
        "advice": advice_on(application, commitment.email) if commitment.is_online else [],
        "form": form,
        "may_judge": may_judge,
        "nav_current": "applications:staff_list",
    }
    template = "applications/staff/commitment.html"
    return render(request, template, context, status=sent.status)
