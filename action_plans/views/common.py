"""What the views on plans share."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.http import SignedInRequest
from action_plans.models import Plan
from action_plans.selectors import bare_plan_for, plan_for
from action_plans.states import PlanStatus
from core.kit.decorators import require_perm
from pairings.states import PairingStatus


def plan_or_404(request: SignedInRequest, reference: str, *, bare: bool = False) -> Plan:
    """Return a plan the person may read; outsiders meet a page that does not exist."""
    find = bare_plan_for if bare else plan_for
    plan = find(request.user, reference)
    if plan is None:
        raise Http404
    return plan


def own_plan_or_403(request: SignedInRequest, reference: str, *, bare: bool = False) -> Plan:
    """Return a plan the person writes; readers of it get 403. `bare`: nothing for a page."""
    plan = plan_or_404(request, reference, bare=bare)
    require_perm(request.user, "action_plans.edit_plan", plan)
    return plan


def is_open(plan: Plan) -> bool:
    """Tell whether anything of the plan can still be changed, by whoever writes it."""
    return plan.status == PlanStatus.DRAFT and plan.member.pairing.status == PairingStatus.RUNNING


def closed_page(request: SignedInRequest, plan: Plan) -> HttpResponse | None:
    """Lead to the plan and say why nothing can be written; None where something can.

    What was sent all the same is left to the service, which shows it back.
    """
    if request.method == "POST" or is_open(plan):
        return None
    words = _("The plan has been handed in and takes no more changes.")
    if plan.status == PlanStatus.DRAFT:
        words = _("The pairing does not run any more, so its plan takes no more changes.")
    messages.warning(request, words)
    return redirect("action_plans:plan", plan.reference)


def may_write(request: SignedInRequest, plan: Plan) -> bool:
    """Tell whether the page shows what changes the plan."""
    return is_open(plan) and request.user.has_perm("action_plans.edit_plan", plan)


def plan_context(request: SignedInRequest, plan: Plan, **more: Any) -> dict[str, Any]:
    """Return what the head of every page of a plan needs, and `more`."""
    return {
        "plan": plan,
        "city": plan.member.organisation,
        "partners": plan.member.partner_names,
        "may_write": may_write(request, plan),
        "measures_count": plan.measures.count(),
        "nav_current": "action_plans:mine",
        **more,
    }
