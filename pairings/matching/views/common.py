"""What the pages on runs begin with."""

from django.shortcuts import get_object_or_404

from accounts.http import SignedInRequest
from core.kit.decorators import require_perm
from pairings.matching.models import Run
from pairings.matching.selectors import calls_to_match
from programme.calls.models import Call

NAV = {"nav_current": "matching:calls"}


def call_or_404(request: SignedInRequest, slug: str) -> Call:
    """Return a call whose pairs the person may work out; 403 for who may do so with none."""
    require_perm(request.user, "matching.list_runs")
    return get_object_or_404(calls_to_match(request.user), slug=slug)


def run_or_404(call: Call, number: int) -> Run:
    """Return a run of a call that `call_or_404` has given, with all of it."""
    runs = Run.objects.select_related("by", "job", "parent", "call")
    # Megabytes that no page reads; whoever solves on from them asks for them then.
    runs = runs.defer("potentials", "parent__potentials", "parent__missing")
    return get_object_or_404(runs, call=call, number=number)
