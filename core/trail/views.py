"""The page of the audit trail."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.kit.decorators import require_perm, staff_required
from core.kit.paging import page_of
from core.trail.forms import AuditFilterForm
from core.trail.selectors import audit_events


@require_safe
@staff_required
def audit(request: HttpRequest) -> HttpResponse:
    """List what was done, by whom, when and why, with filters."""
    require_perm(request.user, "trail.view_audit")
    form = AuditFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    context = {
        "filter": form,
        "page": page_of(request, audit_events(**chosen)),
        "is_on": any(chosen.values()),
    }
    return render(request, "trail/audit.html", context)
