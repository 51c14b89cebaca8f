"""Trying a call as an applicant: the very pages of a city, of a draft that is never kept."""

import re

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import SignedInRequest
from applications.models import Application
from applications.selectors import tasks_by_draft
from applications.services.trials import start_trial
from core.kit.decorators import require_perm, staff_required
from core.kit.errors import InvalidError
from core.kit.keys import accept
from core.kit.people import forget
from programme.calls.models import Call

_AUTOSAVE = re.compile(rb'\sdata-autosave="[^"]*"')


@require_GET
@staff_required
def trial(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show the list of tasks as a city will see it."""
    return _shown(request, slug, "")


@require_http_methods(["GET", "POST"])
@staff_required
def trial_page(request: SignedInRequest, slug: str, page: str) -> HttpResponse:
    """Show a page of the form as a city will see it; what is typed there is kept nowhere."""
    if request.method != "POST":
        return _shown(request, slug, page)
    require_perm(request.user, "calls.view_calls")
    # Nor in the browser.
    accept(request)
    messages.info(request, _("In a trial nothing is saved or sent. Go on to the next page."))
    return redirect("applications:trial_page", slug, page)


def _shown(request: SignedInRequest, slug: str, page: str) -> HttpResponse:
    require_perm(request.user, "calls.view_calls")
    call = get_object_or_404(Call, slug=slug)
    messages.info(request, _("This is a trial: what you type here is not kept, nothing is sent."))
    try:
        return _page(request, call, page)
    except InvalidError as error:
        messages.error(request, error.message)
        return redirect("calls:staff_call", call.slug)


def _page(request: SignedInRequest, call: Call, page: str) -> HttpResponse:
    """Draw the page of a draft that is made for it, and unmake the draft."""
    own = reverse("applications:trial", args=[call.slug])
    try:
        with transaction.atomic():
            draft = start_trial(call=call, by=request.user)
            answer = _drawn(request, draft, page)
            transaction.set_rollback(True)
    finally:
        # The role in a city that was never there.
        forget(request.user)
    if not isinstance(answer, HttpResponse) or answer.status_code != HttpResponse.status_code:
        messages.info(request, _("This step is no part of a trial."))
        return redirect(own)
    content = _AUTOSAVE.sub(b"", answer.content)
    for address in (
        reverse("applications:detail", args=[draft.key]),
        reverse("organisations:team", args=[draft.organisation.slug]),
    ):
        content = content.replace(address.encode(), own.encode())
    return HttpResponse(content)


def _drawn(request: SignedInRequest, draft: Application, page: str) -> HttpResponseBase | None:
    """Return what the city's own view draws, for the pages that a draft is written on."""
    shown = {task.url_name for task in tasks_by_draft([draft])[draft.pk]}
    shown |= {"applications:detail", "applications:check"}
    try:
        found = resolve(f"{reverse('applications:detail', args=[draft.key])}{page}")
    except Resolver404 as error:
        raise Http404 from error
    if found.view_name not in shown:
        return None
    answer: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
    return answer
