"""Staff: what becomes of applications, prepared one by one or several at once."""

import re

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import SignedInRequest
from applications.assessment.forms.outcomes import OutcomeForm
from applications.assessment.models import Outcome
from applications.assessment.selectors.outcomes import (
    calls_to_decide,
    decidable,
    numbers_of_calls,
    outcome_of,
    paragraphs_for,
)
from applications.assessment.services import prepare_outcome, prepare_outcomes
from applications.assessment.services.outcomes import prepared_words
from applications.assessment.states import PendingOutcome
from applications.models import Application
from applications.views.pages import sent_application
from core.kit.decorators import require_perm, staff_required
from core.kit.paging import page_of
from core.kit.saving import finish, posted, save
from programme.calls.models import Call
from programme.calls.selectors import phase_for
from programme.calls.states import CallPhase

NAV = {"nav_current": "assessment:calls"}
# So many are prepared in one go on a page; the line in the ranking takes more.
MOST_CHOSEN = 200
_CHOSEN = re.compile(r"(\d{1,18})-(\d{1,9})")


def call_or_404(slug: str) -> Call:
    """Return a published call."""
    return get_object_or_404(calls_to_decide(), slug=slug)


@require_GET
@staff_required
def calls(request: SignedInRequest) -> HttpResponse:
    """List the calls with what is eligible, prepared and told in each."""
    require_perm(request.user, "assessment.view_outcomes")
    page = page_of(request, calls_to_decide())
    rows = numbers_of_calls(request.user, list(page.object_list))
    return render(request, "assessment/calls.html", NAV | {"page": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def prepare(request: SignedInRequest, reference: str) -> HttpResponse:
    """Prepare the outcome of one application; its letter is shown next, nothing leaves."""
    application = sent_application(request, reference)
    require_perm(request.user, "assessment.prepare_outcome", application)
    stored = outcome_of(application)
    form = OutcomeForm(
        posted(request),
        paragraphs=paragraphs_for(application.call),
        initial={
            "outcome": request.GET.get("outcome") or (stored.outcome if stored else ""),
            "reason": stored.reason if stored and not stored.is_released else "",
            "version": stored.version if stored else 0,
        },
    )
    sent = save(
        request,
        form,
        lambda: prepare_outcome(application=application, by=request.user, **form.arguments()),
    )
    if sent.is_done:
        done = _(
            "%(reference)s: %(outcome)s is prepared. The applicant is told on the release."
        ) % {
            "reference": reference,
            "outcome": sent.result.get_outcome_display(),
        }
        return finish(request, done, "applications:staff_detail", reference)
    context = NAV | {
        "application": application,
        "call": application.call,
        "form": form,
        "stored": sent.stale.current if sent.stale else stored,
        "is_stale": sent.stale is not None,
        "is_open": _is_open(application.call, application),
    }
    return render(request, "assessment/prepare.html", context, status=sent.status)


def _is_open(call: Call, application: Application | None = None) -> bool:
    """Tell whether cities, or this one, may still send and change."""
    if application is not None:
        return phase_for(call, application.organisation) == CallPhase.OPEN
    return call.phase() == CallPhase.OPEN


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def prepare_several(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show what changes for the chosen ones, ask for the reason, and prepare."""
    require_perm(request.user, "assessment.prepare_outcomes")
    call = call_or_404(slug)
    versions = _chosen(request, call)
    outcome = (request.POST if request.method == "POST" else request.GET).get("outcome", "")
    if not versions or outcome not in PendingOutcome.values:
        messages.error(request, _("Choose at least one row of the list, and what becomes of it."))
        return redirect("assessment:ranking", call.slug)
    form = OutcomeForm(
        posted(request), paragraphs=paragraphs_for(call), initial={"outcome": outcome}
    )
    sent = save(
        request,
        form,
        lambda: prepare_outcomes(
            versions=versions,
            by=request.user,
            **{key: value for key, value in form.arguments().items() if key != "read_version"},
        ),
    )
    if sent.is_done:
        return finish(request, prepared_words(sent.result), "assessment:ranking", call.slug)
    outcomes = Outcome.objects.filter(application__in=versions).with_state()
    stored = {row.application_id: row for row in outcomes}
    context = NAV | {
        "call": call,
        "form": form,
        "outcome": PendingOutcome(outcome),
        "moves": [(one, version, stored.get(one.pk)) for one, version in versions.items()],
        "is_open": _is_open(call),
    }
    return render(request, "assessment/prepare_several.html", context, status=sent.status)


def _chosen(request: SignedInRequest, call: Call) -> dict[Application, int]:
    """Return what the page is about with the versions that were read; nonsense names none."""
    source = request.POST if request.method == "POST" else request.GET
    found = [_CHOSEN.fullmatch(one) for one in source.getlist("chosen")[:MOST_CHOSEN]]
    versions = {int(one[1]): int(one[2]) for one in found if one}
    rows = decidable(request.user, call).filter(pk__in=versions)
    rows = rows.select_related("organisation__country").order_by("organisation__search_name", "pk")
    return {row: versions[row.pk] for row in rows}
