"""What an assessor has to read."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.http import SignedInRequest
from applications.assessment.selectors.readings import readings_of
from core.kit.decorators import require_perm, staff_required


@require_GET
@staff_required
def mine(request: SignedInRequest) -> HttpResponse:
    """List what is assigned to the assessor, and what they are to declare before."""
    require_perm(request.user, "assessment.assess")
    return render(request, "assessment/mine.html", {"calls": readings_of(request.user)})
