"""Request-wide rules on people."""

from functools import partial
from typing import Any

from allauth.core import ratelimit
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect, render, resolve_url
from django.urls import ResolverMatch
from django.utils.cache import add_never_cache_headers
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.looking import Looking, forget_looking, look_as, looking_in
from accounts.services import end_looking
from accounts.sessions import person_in
from core.kit.keys import key_of, sent_key
from core.kit.middleware import GetResponse
from core.kit.unsent import forget_unsent, keep_unsent, unsent_of


class PersonMiddleware(AuthenticationMiddleware):
    """Says who is signed in: as read with the session, where that is beyond doubt."""

    def process_request(self, request: HttpRequest) -> None:
        """Find the person when somebody asks."""
        super().process_request(request)
        person: Any = SimpleLazyObject(partial(_person_of, request))
        request.user = person


def _person_of(request: HttpRequest) -> Any:
    person = person_in(request.session) or get_user(request)
    looking = looking_in(request.session)
    if looking and not looking.is_over and person.has_perm("accounts.view_as"):
        look_as(person, looking)
    return person


class PrivatePagesMiddleware:
    """Pages of a signed-in person are never stored, so the back button shows nothing."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            add_never_cache_headers(response)
        return response


# The way back, and out. All else that changes something waits until then.
_WAYS_BACK = ("colleagues:stop_looking", "account_logout")
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")
# Where a request says why looking had ended before something was sent.
_ENDED_BEFORE = "_looking_ended"
# What is the person's own, whatever they look as.
_OWN_PAGES = (
    *("account_", "mfa_", "usersessions_", "accounts:", "jobs:", "admin:"),
    "organisations:delete_account",
)


class LookingMiddleware:
    """Whoever looks as another role reads, and changes nothing.

    What their role may not open is refused by the rules, which judge them by it. Here everything
    else is: what is sent, what is handed out as a file, their own account, the links of mails. What
    a page notes of being read (a read mark, who is there) is undone with its transaction.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        looking = looking_in(request.session)
        if looking is None:
            return self.get_response(request)
        if not _looks(request):
            self._look_no_more(request, looking)
            return self.get_response(request)
        if request.method == "POST":
            return self.get_response(request)
        with transaction.atomic():
            response = self.get_response(request)
            transaction.set_rollback(True)
        if response.streaming or response.has_header("Content-Disposition"):
            response.close()
            return _refusal(request, _("Files and exports are not handed out while you look."))
        return response

    def _look_no_more(self, request: HttpRequest, looking: Looking) -> None:
        """End what has run out, or what a change of the person's role has ended."""
        if looking.is_over:
            ended, why = "over", _("Your time to look is over.")
        else:
            ended, why = "role_changed", _("Your role has changed, so you look as no other.")
        _end(request, ended)
        if not request.user.is_authenticated:
            return
        if request.method in _SAFE_METHODS:
            back = _("You are yourself again.")
            messages.info(request, f"{why} {back}")
        else:
            # It was written as another role, who could send nothing: see process_view.
            vars(request)[_ENDED_BEFORE] = why

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Refuse what is sent, what is the person's own, and what a mail leads to."""
        match = request.resolver_match
        if match and (why := vars(request).get(_ENDED_BEFORE)):
            if match.view_name in _WAYS_BACK:
                return None
            again = _("Send it again as yourself.")
            return render(request, "403.html", {"reason": f"{why} {again}"}, status=403)
        return _refused_to_who_looks(request, match) if match and _looks(request) else None


def _refused_to_who_looks(request: HttpRequest, match: ResolverMatch) -> HttpResponse | None:
    if match.view_name in _WAYS_BACK and request.method == "POST":
        if match.view_name == "account_logout":
            _end(request, "signed_out")
        return None
    if request.method == "POST":
        return _refusal(request, _("Nothing can be changed while you look."))
    if match.view_name.startswith(_OWN_PAGES):
        return _refusal(request, _("Your own account is not what the role sees."))
    if "token" in match.kwargs:
        return _refusal(request, _("Links from mails are for their readers alone."))
    return None


def _looks(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "looks_as", None))


def _end(request: HttpRequest, ended: str) -> None:
    """Be oneself again, on record; nobody's session has nothing to record."""
    looking = looking_in(request.session)
    if looking and request.user.is_authenticated:
        end_looking(looking=looking, ended=ended, user=request.user)
    forget_looking(request.session)


def _refusal(request: HttpRequest, what: str) -> HttpResponse:
    go_back = _("Press “Stop” on top of the page first.")
    return render(request, "403.html", {"reason": f"{what} {go_back}"}, status=403)


# What staff reach before they have a second factor: signing in and out, their own second
# factor, the choice of language, and what everybody reads.
_BEFORE_SECOND_FACTOR = (
    "account_",
    "mfa_",
    "usersessions_",
    "set_language",
    "health:",
    "showcase:",
    "open_api:",
)


class StaffSecondFactorMiddleware:
    """Staff without a second factor reach public pages and the one that sets it up, no more.

    Their rights reach beyond the console (teams, plans, letters), so no address is exempt
    for standing elsewhere. A demo is, so that its accounts work without an authenticator.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Lead to the page that sets one up."""
        user = request.user
        match = request.resolver_match
        if (
            settings.DEMO
            or not user.is_authenticated
            or not (user.is_staff_member or user.is_staff)
            or (match and match.view_name.startswith(_BEFORE_SECOND_FACTOR))
            or is_mfa_enabled(user)
        ):
            return None
        messages.warning(
            request,
            _("Staff sign in with a second factor. Set one up to open the console."),
        )
        return redirect("mfa_index")


class UnsentTextMiddleware:
    """Who sends a form after their session has ended signs in, and finds it again.

    It needs no script. What was typed waits in the session (core.kit.unsent) until the form is
    sent again, or its sender discards it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "POST" or request.user.is_authenticated:
            return response
        leads_to_sign_in = isinstance(
            response, HttpResponseRedirectBase
        ) and response.url.startswith(resolve_url(settings.LOGIN_URL))
        # A script that saves keeps the text on its page.
        if not leads_to_sign_in or not request.accepts("text/html"):
            return response
        return sign_in_first(request) or response

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """Forget what is being sent again: from here on the page that answers holds it."""
        if request.method != "POST" or not (key := key_of(request)):
            return
        kept = unsent_of(request, request.user.pk)
        if kept and kept.key == key:
            forget_unsent(request)


def sign_in_first(request: HttpRequest) -> HttpResponse | None:
    """Keep the form that was sent and lead to sign-in; None where it cannot or may not be kept."""
    # Who has a key of a form could have any number of texts kept without ever signing in.
    is_rare = ratelimit.consume(request, action="keep_unsent", key=sent_key(request))
    if not is_rare or not keep_unsent(request):
        return None
    messages.info(
        request,
        _("You were signed out before this was sent. Sign in, and you find your text again."),
    )
    return redirect_to_login(resolve_url("accounts:unsent"))
