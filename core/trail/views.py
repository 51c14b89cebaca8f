"""The page of the audit trail."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.kit.decorators import require_perm, staff_required
from core.trail.forms import AuditFilterForm
from core.trail.selectors import audit_events

EVENTS_PER_PAGE = 50


@require_safe
@staff_required
def audit(request: HttpRequest) -> HttpResponse:
    """List what was done, by whom, when and why, with filters."""
    require_perm(request.user, "trail.view_audit")
    form = AuditFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    paginator = Paginator(audit_events(**chosen), EVENTS_PER_PAGE)
    context = {
        "filter": form,
        "page": paginator.get_page(request.GET.get("page")),
        "is_on": any(chosen.values()),
    }
    return render(request, "trail/audit.html", context)
