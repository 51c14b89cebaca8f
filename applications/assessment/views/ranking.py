"""Staff: the ranking of a call, with the outcomes that are prepared beside it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.http import SignedInRequest
from applications.assessment.models import Outcome
from applications.assessment.selectors.outcomes import readiness_of
from applications.assessment.states import DECIDABLE, TOLD
from applications.assessment.views.outcomes import NAV, call_or_404
from applications.models import Application
from core.kit.decorators import require_perm, staff_required
from core.kit.paging import page_of


@require_GET
@staff_required
def ranking(request: SignedInRequest, slug: str) -> HttpResponse:
    """List what can be decided in a call, each with what is prepared for it."""
    require_perm(request.user, "assessment.view_outcomes")
    call = call_or_404(slug)
    rows = (
        Application.objects.reached_by(request.user)
        .filter(call=call, status__in=[*DECIDABLE, *TOLD])
        .select_related("organisation__country")
        .order_by("organisation__search_name", "pk")
    )
    page = page_of(request, rows)
    prepared = {
        row.application_id: row for row in Outcome.objects.filter(application__in=page.object_list)
    }
    context = NAV | {
        "call": call,
        "page": page,
        "rows": [(row, prepared.get(row.pk), row.status in DECIDABLE) for row in page.object_list],
        "ready": readiness_of(request.user, call),
        "may_prepare": request.user.has_perm("assessment.prepare_outcomes"),
    }
    return render(request, "assessment/ranking.html", context)
