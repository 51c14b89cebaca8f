"""The page of the audit trail."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.kit.decorators import require_perm, staff_required
from core.kit.paging import page_of
from core.kit.people import KnownRequest
from core.trail.forms import AuditFilterForm
from core.trail.models import AuditEvent
from core.trail.selectors import audit_events, newest_root


@require_safe
@staff_required
def audit(request: KnownRequest) -> HttpResponse:
    """List what was done, by whom, when and why, with filters."""
    require_perm(request.user, "trail.view_audit")
    form = AuditFilterForm(request.GET)
    # A filter with a mistake shows nothing: the whole list would pass for its answer.
    is_valid = form.is_valid()
    events = (
        audit_events(reader=request.user, **form.cleaned_data)
        if is_valid
        else AuditEvent.objects.none()
    )
    context = {
        "filter": form,
        "page": page_of(request, events),
        "is_on": not is_valid or any(form.cleaned_data.values()),
        "has_errors": not is_valid,
        "root": newest_root(),
    }
    return render(request, "trail/audit.html", context)
