"""Staff: the dossiers of chosen applications, packed in the background."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.http import SignedInRequest
from applications.assessment.exports import DOSSIERS
from applications.selectors.reach import reach_print
from applications.views.choosing import chosen_applications
from core.jobs.services import start_job
from core.kit.decorators import require_perm, staff_required
from core.kit.saving import press


@require_POST
@staff_required
def dossiers(request: SignedInRequest) -> HttpResponse:
    """Begin to pack the dossiers of what the address names."""
    require_perm(request.user, "assessment.take_dossiers")
    ids = sorted(chosen_applications(request).values_list("pk", flat=True))
    # Handed out while the person reaches what they reach now.
    params = {"ids": ids, "reach": reach_print(request.user)}
    started = press(request, lambda: start_job(kind=DOSSIERS, params=params, by=request.user))
    if not started.is_done:
        return redirect("applications:staff_list")
    return redirect("jobs:job", started.result.key)
