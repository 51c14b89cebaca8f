"""The checklist of a new colleague, and the page on how the console works."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import SignedInRequest
from core.kit.decorators import staff_required
from core.kit.saving import press
from iuc_portal.colleagues.models import FirstSteps
from iuc_portal.colleagues.services import end_first_steps, tick_step, untick_step
from iuc_portal.colleagues.steps import steps_of


@require_safe
@staff_required
def first_steps(request: SignedInRequest) -> HttpResponse:
    """Show the checklist."""
    row = FirstSteps.objects.filter(person=request.user.pk).first()
    steps = steps_of(request.user, row)
    context = {
        "steps": steps,
        "is_over": bool(row and row.ended_at),
        "all_done": all(shown.is_done for shown in steps),
        "nav_current": "homes:console",
    }
    return render(request, "colleagues/first_steps.html", context)


@require_safe
@staff_required
def guide(request: SignedInRequest) -> HttpResponse:
    """Say how the console works, as far as the person may use it."""
    return render(request, "colleagues/guide.html", {"nav_current": "homes:console"})


@require_POST
@staff_required
def tick(request: SignedInRequest, key: str) -> HttpResponse:
    """Note that a step is done."""
    press(request, lambda: tick_step(key=key, user=request.user))
    return redirect("colleagues:first_steps")


@require_POST
@staff_required
def untick(request: SignedInRequest, key: str) -> HttpResponse:
    """Note that a step is not done after all."""
    press(request, lambda: untick_step(key=key, user=request.user))
    return redirect("colleagues:first_steps")


@require_POST
@staff_required
def end(request: SignedInRequest) -> HttpResponse:
    """Hide the checklist for good."""
    done = _("Welcome in the unit. The list is not shown any more.")
    sent = press(request, lambda: end_first_steps(user=request.user), done)
    return redirect("homes:console" if sent.is_done else "colleagues:first_steps")
