"""The workspace of a city's people."""

from dataclasses import fields

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from core.kit import days
from iuc_portal.homes.selectors import workspace_of


@require_safe
@login_required
def workspace(request: SignedInRequest) -> HttpResponse:
    """Show what needs the person; staff without a city of their own work in the console."""
    user = request.user
    found = workspace_of(user)
    if user.has_perm("accounts.enter_console") and not found.memberships:
        return redirect("homes:console")
    context = {part.name: getattr(found, part.name) for part in fields(found)}
    context |= {"may_apply": found.may_apply, "plan_can_begin": found.plan_can_begin}
    context["now"] = days.now()
    return render(request, "homes/workspace.html", context)
