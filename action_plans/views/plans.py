"""A city's plans: the list, the start, the overview, the record."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.http import SignedInRequest
from action_plans.selectors import (
    measure_rows,
    members_without_plan,
    overview,
    plans_of,
    totals,
)
from action_plans.services import open_plan
from action_plans.views.common import plan_context, plan_or_404
from core.kit.saving import finish, press
from core.trail.selectors import events_of
from pairings.models import PairingMember

EVENTS = 100


@require_GET
@login_required
def mine(request: SignedInRequest) -> HttpResponse:
    """List the plans of the person's pairings, and those that can be started."""
    waiting = [
        (member, request.user.has_perm("action_plans.open_plan", member))
        for member in members_without_plan(request.user)
    ]
    rows = plans_of(request.user)
    return render(request, "action_plans/mine.html", {"rows": rows, "waiting": waiting})


@require_POST
@login_required
def start(request: SignedInRequest, member: int) -> HttpResponse:
    """Start the plan of the person's city in a running pairing."""
    found = PairingMember.objects.filter(
        pk=member, organisation__memberships__user=request.user
    ).first()
    if found is None:
        raise Http404
    opened = press(request, lambda: open_plan(member=found, by=request.user))
    if not opened.is_done:
        return redirect("action_plans:mine")
    done = _("The plan is started. Begin with any part.")
    return finish(request, done, "action_plans:plan", opened.result.reference)


@require_GET
@login_required
def plan(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show how far a plan is, part by part, and what comes next."""
    found = plan_or_404(request, reference)
    rows = measure_rows(found)
    context = plan_context(
        request,
        found,
        overview=overview(found),
        rows=rows,
        unready=[row for row in rows if row.missing],
        sums=totals(rows),
        events=events_of(found)[:5],
        objectives=list(found.objectives.all()),
        topics=list(found.member.pairing.topics.all()),
    )
    return render(request, "action_plans/plan.html", context)


@require_GET
@login_required
def history(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show who did what on a plan, newest first."""
    found = plan_or_404(request, reference)
    titles = dict(found.response.version.sections.values_list("key", "title"))
    events = [
        (event, titles.get(event.details.get("section", ""), _detail(event.details)))
        for event in events_of(found)[:EVENTS]
    ]
    context = plan_context(request, found, events=events)
    return render(request, "action_plans/history.html", context)


def _detail(details: dict[str, object]) -> str:
    """Return what an event was about, where it is not a section."""
    return str(details.get("measure") or details.get("objective") or "")
