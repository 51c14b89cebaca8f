"""Staff: how fair a run is, another balance, and how firm each pair is."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import SignedInRequest
from core.jobs.selectors import jobs_of
from core.jobs.states import UNFINISHED
from core.kit.decorators import require_perm, staff_required
from core.kit.paging import page_of
from core.kit.saving import Sent, finish, posted, press, save
from pairings.matching.charts import curve_of
from pairings.matching.forms import PointForm, TermForm
from pairings.matching.labels import TERMS
from pairings.matching.models import Board, Fairness, Run
from pairings.matching.pages import firm_listed, named, options_of
from pairings.matching.selectors import runs_of
from pairings.matching.selectors.balance import balance_of
from pairings.matching.services import Changes, start_run, work_out_fairness
from pairings.matching.services.fairness import FAIRNESS
from pairings.matching.views.common import NAV, call_or_404, run_or_404
from programme.calls.models import Call

# The two sizes of the curve: beside the list, and on a phone.
WIDE, NARROW = (560, 480), (340, 300)
# A bar of weights reaches to here at least, in the units of the weights.
LEAST_SCALE = 60
ROWS = 25


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def fairness(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show what a run leaves to choose; POST puts a run with the chosen balance on the board."""
    call = call_or_404(request, slug)
    run = _run_asked_for(request, call)
    made = Fairness.objects.filter(run=run).first()
    form = PointForm(posted(request), number=len(made.curve) if made else 0)
    sent: Sent[Run] = save(request, form, lambda: _chosen(request, run, made, form))
    if sent.is_done:
        done = _("Run %(number)d has this balance.") % {"number": sent.result.number}
        return finish(request, done, "matching:run", slug, sent.result.number)
    context = NAV | {"call": call, "run": run, "form": form, "balance": balance_of(run)}
    if made is None:
        jobs = jobs_of(request.user).filter(kind=FAIRNESS, params={"run": run.pk})
        context["job"] = jobs.filter(state__in=UNFINISHED).first()
    else:
        context |= _worked_out(request, run, made)
    return render(request, "matching/fairness.html", context, status=sent.status)


def _run_asked_for(request: SignedInRequest, call: Call) -> Run:
    """Return the done run that the address names, else the one on the board."""
    number = request.GET.get("run", "")
    if not number.isdecimal():
        found = Board.objects.filter(call=call).values_list("run__number", flat=True).first()
        number = str(found or 0)
    run = run_or_404(call, min(int(number), 10**6))
    if not run.is_done:
        raise Http404
    return run


def _chosen(request: SignedInRequest, run: Run, made: Fairness | None, form: PointForm) -> Run:
    """Start the run of a point of the curve."""
    point = (made.curve if made else [])[form.cleaned_data["point"]]
    changes = Changes(min_score=point["bound"], min_pairs=point["held"])
    return start_run(call=run.call, by=request.user, parent=run, changes=changes)


def _worked_out(request: SignedInRequest, run: Run, made: Fairness) -> dict[str, Any]:
    points = [(point["total"], point["worst"] or 0) for point in made.curve]
    choice = TermForm(request.GET)
    term = choice.cleaned_data["term"] if choice.is_valid() else next(iter(TERMS))
    now = run.instance["weights"].get(term, 0)
    scale = max(LEAST_SCALE, 2 * now)
    page = page_of(request, firm_listed(made.reaches, term, scale), size=ROWS)
    return {
        "made": made,
        "curves": [("wide", curve_of(points, *WIDE)), ("narrow", curve_of(points, *NARROW))],
        "options": options_of(made.curve),
        "choice": TermForm(initial={"term": term}),
        "term": TERMS[term],
        "now": now,
        "now_at": 100 * now / scale,
        "scale": scale,
        "page": page,
        "rows": named(page.object_list),
    }


@require_POST
@staff_required
def work_out(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Work out the curve of a run and how firm its pairs are; a job does it where they are many."""
    call = call_or_404(request, slug)
    run = get_object_or_404(runs_of(call), number=number)
    require_perm(request.user, "matching.run_matching", run)
    press(request, lambda: work_out_fairness(run=run, by=request.user))
    return redirect(reverse("matching:fairness", args=[slug], query={"run": number}))
