"""Trying a call as an applicant: the very pages of a city, of a draft that is never kept."""

import re
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import SignedInRequest
from applications.selectors import tasks_by_draft
from applications.selectors.interests import SECTION
from applications.services.trials import start_interest_trial, start_trial
from core.kit.decorators import require_perm, staff_required
from core.kit.errors import PortalError
from core.kit.keys import accept
from core.kit.people import forget
from core.kit.unmade import unmade
from programme.calls.models import Call
from programme.organisations.models import Organisation

_AUTOSAVE = re.compile(rb'\sdata-autosave="[^"]*"')
# The addresses of the trial: its list of tasks, and a page of it.
_APPLICATION = ("applications:trial", "applications:trial_page")
_FIRST_STAGE = ("applications:trial_interest", "applications:trial_interest_page")


@dataclass(frozen=True)
class _Draft:
    """A draft for the time of a trial: where its city has it, and the pages it is written on."""

    organisation: Organisation
    address: str
    shown: set[str]


@require_GET
@staff_required
def trial(request: SignedInRequest, slug: str, *, first_stage: bool = False) -> HttpResponse:
    """Show the list of tasks as a city will see it."""
    return _shown(request, slug, "", first_stage=first_stage)


@require_http_methods(["GET", "POST"])
@staff_required
def trial_page(
    request: SignedInRequest, slug: str, page: str, *, first_stage: bool = False
) -> HttpResponse:
    """Show a page of the form as a city will see it; what is typed there is kept nowhere."""
    if request.method != "POST":
        return _shown(request, slug, page, first_stage=first_stage)
    require_perm(request.user, "calls.view_calls")
    # Nor in the browser.
    accept(request)
    messages.info(request, _("In a trial nothing is saved or sent. Go on to the next page."))
    return redirect((_FIRST_STAGE if first_stage else _APPLICATION)[1], slug, page)


def _shown(request: SignedInRequest, slug: str, page: str, *, first_stage: bool) -> HttpResponse:
    require_perm(request.user, "calls.view_calls")
    call = get_object_or_404(Call, slug=slug)
    if first_stage and not call.is_two_stage:
        raise Http404
    messages.info(request, _("This is a trial: what you type here is not kept, nothing is sent."))
    try:
        return _page(request, call, page, first_stage=first_stage)
    except PortalError as error:
        messages.error(request, error.message)
        return redirect("calls:staff_call", call.slug)


def _page(request: SignedInRequest, call: Call, page: str, *, first_stage: bool) -> HttpResponse:
    """Draw the page of a draft that is made for it, and unmake the draft."""
    own = reverse((_FIRST_STAGE if first_stage else _APPLICATION)[0], args=[call.slug])
    try:
        with unmade():
            draft = (_interest if first_stage else _application)(request, call)
            answer = _drawn(request, draft, page)
    finally:
        # The role in a city that was never there.
        forget(request.user)
    if not isinstance(answer, HttpResponse) or answer.status_code != HttpResponse.status_code:
        messages.info(request, _("This step is no part of a trial."))
        return redirect(own)
    content = _AUTOSAVE.sub(b"", answer.content)
    team = reverse("organisations:team", args=[draft.organisation.slug])
    for address in (draft.address, team):
        content = content.replace(address.encode(), own.encode())
    return HttpResponse(content)


def _application(request: SignedInRequest, call: Call) -> _Draft:
    draft = start_trial(call=call, by=request.user)
    shown = {task.url_name for task in tasks_by_draft([draft])[draft.pk]}
    return _Draft(
        draft.organisation,
        reverse("applications:detail", args=[draft.key]),
        shown | {"applications:detail", "applications:check"},
    )


def _interest(request: SignedInRequest, call: Call) -> _Draft:
    draft = start_interest_trial(call=call, by=request.user)
    return _Draft(
        draft.organisation,
        reverse("applications:interest", args=[draft.pk]),
        {SECTION, "applications:interest", "applications:interest_check"},
    )


def _drawn(request: SignedInRequest, draft: _Draft, page: str) -> HttpResponseBase | None:
    """Return what the city's own view draws, for the pages that a draft is written on."""
    try:
        found = resolve(f"{draft.address}{page}")
    except Resolver404 as error:
        raise Http404 from error
    if found.view_name not in draft.shown:
        return None
    answer: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
    return answer
