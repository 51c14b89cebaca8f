"""What staff read of all plans."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.http import SignedInRequest
from action_plans.models import Plan
from action_plans.selectors import pairings_without_plan, plan_rows
from core.kit.decorators import require_perm, staff_required
from core.kit.paging import page_of

# So many pairings whose plans could not be opened are named at most.
WITHOUT_SHOWN = 20


@require_GET
@staff_required
def staff_list(request: SignedInRequest) -> HttpResponse:
    """List the plans with how far each is."""
    require_perm(request.user, "action_plans.list_plans")
    plans = Plan.objects.visible_to(request.user)
    page = page_of(request, plans)
    shown = Plan.objects.filter(pk__in=[plan.pk for plan in page.object_list])
    rows = plan_rows(shown, request.user)
    without = pairings_without_plan(request.user)[:WITHOUT_SHOWN]
    context = {"page": page, "rows": rows, "without": without}
    return render(request, "action_plans/staff_list.html", context)
