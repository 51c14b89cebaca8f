"""Staff: the ranking of a call, what another line would do, and outcomes set from the line."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import SignedInRequest
from applications.assessment.engine.line import numbers
from applications.assessment.forms.ranking import FromLineForm, LineForm
from applications.assessment.models import Outcome
from applications.assessment.selectors.outcomes import paragraphs_for, readiness_of, releases_of
from applications.assessment.selectors.ranking import (
    accepted_in,
    by_country,
    by_theme,
    mark_of,
    ranking_of,
    to_set,
)
from applications.assessment.services import start_from_line
from applications.assessment.states import DECIDABLE
from applications.assessment.views.outcomes import NAV, call_or_404
from core.kit.decorators import require_perm, staff_required
from core.kit.paging import page_of
from core.kit.saving import posted, save
from programme.calls.states import CallPhase

# So many countries or themes stand beside the ranking.
SHARES = 12


@require_GET
@staff_required
def ranking(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show who stands where, what is prepared, and what a line would do; nothing is stored."""
    require_perm(request.user, "assessment.view_outcomes")
    call = call_or_404(slug)
    form = LineForm(request.GET)
    line = form.line
    rows = ranking_of(request.user, call, line)
    page = page_of(request, rows)
    shown = [row.result.application for row in page.object_list]
    outcomes = Outcome.objects.filter(application__in=shown).with_state()
    prepared = {row.application_id: row for row in outcomes}
    ready = readiness_of(request.user, call)
    accepted = accepted_in(rows, ready.rows, line)
    context = NAV | {
        "call": call,
        "form": form,
        "line": line,
        "page": page,
        "rows": [
            (
                row,
                prepared.get(row.result.application.pk),
                row.result.application.status in DECIDABLE,
            )
            for row in page.object_list
        ],
        "numbers": [(one.label, number) for one, number in numbers(rows).items()],
        "countries": by_country(rows, accepted)[:SHARES],
        "themes": by_theme(rows, call, accepted)[:SHARES],
        "ready": ready,
        "releases": releases_of(call),
        "may_prepare": request.user.has_perm("assessment.prepare_outcomes"),
    }
    return render(request, "assessment/ranking.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def from_line(request: SignedInRequest, slug: str) -> HttpResponse:
    """Ask for the reasons, then set all that the line decides as pending; a job does it."""
    require_perm(request.user, "assessment.prepare_outcomes")
    call = call_or_404(slug)
    line = LineForm(request.GET).line
    if not line.is_drawn:
        messages.error(request, _("Draw a line first: a threshold, or a number of places."))
        return redirect("assessment:ranking", slug)
    setting = to_set(ranking_of(request.user, call, line))
    outcomes = [outcome for _application, outcome in setting]
    mark = mark_of(setting)
    form = FromLineForm(posted(request), paragraphs=paragraphs_for(call), initial={"mark": mark})
    sent = save(
        request,
        form,
        lambda: start_from_line(
            call=call,
            line=line,
            reasons=form.reasons,
            paragraphs=list(form.cleaned_data.get("paragraphs") or ()),
            mark=form.cleaned_data["mark"],
            by=request.user,
        ),
    )
    if sent.is_done:
        return redirect("jobs:job", sent.result.key)
    if sent.stale:
        # Who presses again has read the numbers as they are now.
        form.renew(mark)
    context: dict[str, Any] = NAV | {
        "call": call,
        "form": form,
        "line": line,
        "numbers": [(one.label, outcomes.count(one)) for one in dict.fromkeys(outcomes)],
        "total": len(setting),
        "is_open": call.phase() == CallPhase.OPEN,
    }
    return render(request, "assessment/from_line.html", context, status=sent.status)
