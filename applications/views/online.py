"""Signing online: the city asks, the office signs without an account, staff open it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import SignedInRequest
from applications import services
from applications.forms.signing import CommitOnlineForm, InviteForm, WriteLetterForm
from applications.models import Application, Asked, OnlineInvitation
from applications.selectors.addresses import invitation_of
from applications.services.asking import shown_print, statement_of
from applications.services.locking import takes_changes
from applications.services.online import require_usable
from applications.states import LinkEnd
from applications.views.pages import (
    back_to,
    draft_view,
    editable,
    form_page,
    frame,
    invited_words,
    municipality_of,
    show,
    stakeholder_of,
)
from core.kit.comparing import TwoTexts
from core.kit.errors import PortalError
from core.kit.fields import LineField, TextField
from core.kit.keys import hold_by_link
from core.kit.saving import Sent, posted, press, save
from core.kit.text import clean_paragraphs

# Where those stand who can be asked: the page, and the task.
MEMBERS, STAKEHOLDERS = "applicant", "stakeholders"
STEPS = {MEMBERS: "applicant", STAKEHOLDERS: "stakeholders_list"}
# How the id of a card begins.
CARDS = {MEMBERS: "m", STAKEHOLDERS: "s"}


def _asked(application: Application, page: str, pk: int) -> Asked:
    find = municipality_of if page == MEMBERS else stakeholder_of
    return find(application, pk)


@require_http_methods(["GET", "POST"])
@draft_view
def invite(
    request: SignedInRequest, application: Application, pk: int, page: str = MEMBERS
) -> HttpResponse:
    """Ask a municipality by mail to commit online, or a stakeholder for its letter."""
    asked = _asked(application, page, pk)
    form = InviteForm(posted(request), initial={"email": asked.contact_email})
    return form_page(
        request,
        application,
        form,
        template=f"invite_{page}.html",
        step=STEPS[page],
        service=lambda: services.invite_online(asked=asked, by=request.user, **form.cleaned_data),
        then=lambda: back_to(application, page, f"{CARDS[page]}{pk}"),
        done=lambda: invited_words(form, "email"),
        asked=asked,
        back_url=_page_url(application, page),
    )


def _page_url(application: Application, page: str) -> str:
    return reverse(f"applications:{page}", args=[application.key])


def _invitation(application: Application, page: str, pk: int) -> OnlineInvitation:
    rows = OnlineInvitation.objects.select_related(
        "municipality__application", "stakeholder__application"
    )
    return get_object_or_404(rows.asking(_asked(application, page, pk)))


@require_POST
@login_required
def resend(request: SignedInRequest, key: str, pk: int, page: str = MEMBERS) -> HttpResponse:
    """Send a fresh link to the same address."""
    application = editable(request, key)
    invitation = _invitation(application, page, pk)
    press(
        request,
        lambda: services.invite_online(
            asked=invitation.asked, email=invitation.email, by=request.user
        ),
        _("A fresh link is on its way to %(email)s.") % {"email": invitation.email},
    )
    return back_to(application, page, f"{CARDS[page]}{pk}")


@require_http_methods(["GET", "POST"])
@draft_view
def revoke(
    request: SignedInRequest, application: Application, pk: int, page: str = MEMBERS
) -> HttpResponse:
    """Ask once more, then take the invitation back."""
    invitation = _invitation(application, page, pk)
    back = _page_url(application, page)
    if request.method == "POST":
        done = _("The invitation to %(email)s is taken back.") % {"email": invitation.email}
        press(request, lambda: services.revoke_online(invitation=invitation, by=request.user), done)
        return back_to(application, page, f"{CARDS[page]}{pk}")
    context = frame(application, STEPS[page]) | {"invitation": invitation, "back_url": back}
    return show(request, "invitation_revoke.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def commit(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show what the link commits to; only sending the page binds, once.

    Whoever has the link may use it: it is the mail's own. Mail programmes that open links to
    look at them change nothing.
    """
    return _link_page(request, token, _COMMIT)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, token: str) -> HttpResponseBase:
    """Let the stakeholder that the link was sent to write its letter; works once, as `commit`."""
    return _link_page(request, token, _WRITE)


def _commit(request: HttpRequest, token: str, shown: str) -> tuple[Any, Sent[Any]]:
    form = CommitOnlineForm(posted(request), initial={"shown": shown})
    sent = save(
        request,
        form,
        lambda: services.commit_online(
            token=token,
            name=form.cleaned_data["name"],
            office=form.cleaned_data["office"],
            shown=form.cleaned_data["shown"],
        ),
    )
    if sent.is_done:
        messages.success(request, _("Thank you. The commitment is recorded."))
    return form, sent


def _write(request: HttpRequest, token: str, shown: str) -> tuple[Any, Sent[Any]]:
    form = WriteLetterForm(posted(request), request.FILES, by=None, initial={"shown": shown})
    form.keep()
    sent = save(
        request,
        form,
        lambda: services.write_letter(
            token=token,
            name=form.cleaned_data["name"],
            office=form.cleaned_data["office"],
            statement=form.cleaned_data["statement"],
            upload=form.cleaned_data["file"],
            shown=form.cleaned_data["shown"],
        ),
    )
    if sent.is_done:
        messages.success(request, _("Thank you. Your letter stands on the application."))
    return form, sent


@dataclass(frozen=True)
class _Link:
    """The page of a link: who it must have been sent to, its form, and what sending it does."""

    template: str
    asked: str
    # What is there once it was used.
    paper: str
    form: type[forms.Form]
    fill_in: Callable[[HttpRequest, str, str], tuple[Any, Sent[Any]]]


_COMMIT = _Link("commit.html", "municipality", "commitment", CommitOnlineForm, _commit)
_WRITE = _Link("write_letter.html", "stakeholder", "letter", WriteLetterForm, _write)


def _typed(request: HttpRequest, link: _Link) -> list[TwoTexts]:
    """Return what was typed into a page whose link does nothing any more, to be copied."""
    return [
        TwoTexts(str(field.label), text)
        for name, field in link.form.base_fields.items()
        if isinstance(field, LineField | TextField) and (text := request.POST.get(name, "").strip())
    ]


def _says_more(request: HttpRequest, invitation: OnlineInvitation) -> bool:
    """Tell whether a second letter was written while a colleague sent the first."""
    letter = getattr(invitation.stakeholder, "letter", None)
    typed = clean_paragraphs(request.POST.get("statement", ""))
    return bool(letter and typed and typed != letter.statement)


def _link_page(request: HttpRequest, token: str, link: _Link) -> HttpResponseBase:
    """Show the page of a link, and do what it is for when it was sent."""
    invitation = invitation_of(token)
    if invitation is None or getattr(invitation, link.asked) is None:
        # It was taken out, or a fresh link was sent instead: what was typed is shown all the same.
        return _shown(
            request, link.template, {"state": "unknown", "typed": _typed(request, link)}, 410
        )
    context = {
        "state": "open",
        "invitation": invitation,
        link.asked: invitation.asked,
        "paper": getattr(invitation.asked, link.paper, None),
        "application": invitation.application,
    }
    if invitation.municipality:
        context["statement"] = statement_of(invitation.municipality).splitlines()
    # What is typed stays in the browser, as on the pages of people with an account.
    hold_by_link(request, invitation.token_hash)
    try:
        require_usable(invitation)
    except PortalError as error:
        is_used = error.code == "used"
        if is_used and request.method == "POST" and not _says_more(request, invitation):
            # An impatient second click finds what the first has done.
            return redirect(request.path)
        context |= {
            "state": error.code,
            "sentence": error.message,
            "can_ask": invitation.end not in (LinkEnd.LEADS, LinkEnd.FILED)
            and takes_changes(invitation.application),
            "typed": _typed(request, link),
        }
        status = error.status if request.method == "POST" else 200
        return _shown(request, link.template, context, status if is_used else 410)
    if request.method == "POST":
        limited = ratelimit.consume_or_429(request, action="commit_online")
        if limited is not None:
            return limited
    shown = shown_print(invitation.asked)
    form, sent = link.fill_in(request, token, shown)
    if sent.is_done:
        return redirect(request.path)
    if sent.stale:
        form.renew(shown)
    return _shown(request, link.template, {**context, "form": form}, sent.status)


def _shown(
    request: HttpRequest, template: str, context: dict[str, object], status: int
) -> HttpResponse:
    response = render(request, f"applications/{template}", context, status=status)
    # The address is a secret: no search engine keeps it, and no link of the page tells it. Where
    # it came from is told as far as the host: without it ("no-referrer") a browser sends forms
    # with the origin "null", which the check of the token refuses.
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "strict-origin"
    return response
