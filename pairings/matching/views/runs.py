"""Staff: the runs of a call, one of them, two side by side."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from accounts.http import SignedInRequest
from core.kit.decorators import require_perm, staff_required
from core.kit.paging import page_of
from core.kit.saving import Sent, posted, press, save
from pairings.matching.charts import parts_of, points_of
from pairings.matching.forms import CompareForm, FindForm, StartForm, WeightsForm, shares
from pairings.matching.labels import say_change, say_rules
from pairings.matching.models import Board, Run
from pairings.matching.pages import (
    effects,
    found,
    left_over_listed,
    missing_listed,
    moves,
    named,
    pairs_listed,
    steps_of,
)
from pairings.matching.selectors import (
    calls_to_match,
    compare,
    figures_of,
    run_file,
    runs_of,
    with_numbers,
)
from pairings.matching.services import Changes, put_on_board, start_run
from pairings.matching.views.common import NAV, call_or_404, run_or_404
from programme.calls.models import Call

# So many changed pairs are shown beside the weights; the others on the page that compares.
MOST_MOVES = 5
SHOWN = {
    "pairs": (gettext_lazy("Pairs"), pairs_listed),
    "left": (gettext_lazy("Without a partner"), left_over_listed),
    "missing": (gettext_lazy("Not said"), missing_listed),
}


@require_GET
@staff_required
def calls(request: SignedInRequest) -> HttpResponse:
    """List the calls whose pairs can be worked out, with what stands on the board of each."""
    require_perm(request.user, "matching.list_runs")
    page = page_of(request, with_numbers(calls_to_match(request.user)))
    return render(request, "matching/calls.html", NAV | {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def runs(request: SignedInRequest, slug: str) -> HttpResponse:
    """List the runs of a call; POST reads its data as they are now and works the pairs out."""
    call = call_or_404(request, slug)
    form = StartForm(posted(request))
    sent: Sent[Run] = save(
        request, form, lambda: start_run(call=call, by=request.user, **form.cleaned_data)
    )
    if sent.is_done:
        return _told(request, sent.result)
    page = page_of(request, runs_of(call))
    on_board = Board.objects.filter(call=call).values_list("run__number", flat=True).first()
    rows = [
        (run, say_change(run.change), _compare_url(call, on_board, run)) for run in page.object_list
    ]
    context = NAV | {"call": call, "page": page, "rows": rows, "on_board": on_board, "form": form}
    return render(request, "matching/runs.html", context, status=sent.status)


def _compare_url(call: Call, one: int | None, other: Run) -> str:
    """Return where a run lies beside the one on the board; empty for that one itself."""
    if one in (None, other.number) or not other.is_done:
        return ""
    return _of_two(call, one, other.number)


def _of_two(call: Call, one: int | None, other: int, **more: str) -> str:
    query = {"one": one, "other": other, **more}
    return reverse("matching:compare", args=[call.slug], query=query)


def _told(request: SignedInRequest, run: Run) -> HttpResponse:
    """Lead to a run that was just started, or had been before."""
    number = {"number": run.number}
    if run.is_done:
        messages.success(request, _("Run %(number)d is done.") % number)
    return redirect("matching:run", run.call.slug, run.number)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def run(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Show how far a run is, or what it found; POST tries other weights in a run of its own."""
    call = call_or_404(request, slug)
    one = run_or_404(call, number)
    if not one.is_done:
        return _unfinished(request, call, one)
    form = WeightsForm(posted(request), weights=one.instance["weights"])
    sent: Sent[Run] = save(request, form, lambda: _tried(request, one, form))
    if sent.is_done:
        return _told(request, sent.result)
    return render(request, "matching/run.html", _run_page(request, one, form), status=sent.status)


def _tried(request: SignedInRequest, one: Run, form: WeightsForm) -> Run:
    changes = Changes(weights=form.weights)
    return start_run(call=one.call, by=request.user, parent=one, changes=changes, on_board=False)


def _unfinished(request: SignedInRequest, call: Call, one: Run) -> HttpResponse:
    """Show a run on its way, or why it came to nothing."""
    context = NAV | {"call": call, "run": one, "said": say_change(one.change)}
    context["steps"] = steps_of(one)
    if request.headers.get("HX-Request") != "true":
        return render(request, "matching/run_unfinished.html", context)
    if one.is_working:
        return render(request, "matching/run_progress.html", context)
    return HttpResponseClientRefresh()


def _run_page(request: SignedInRequest, one: Run, form: WeightsForm) -> dict[str, Any]:
    """Return what the page of a done run shows."""
    show = request.GET.get("show", "")
    show = show if show in SHOWN else "pairs"
    find = FindForm(request.GET)
    words = find.cleaned_data["q"] if find.is_valid() else ""
    page = page_of(request, found(SHOWN[show][1](one), words))
    weights = shares(one.instance["weights"])
    context = NAV | {
        "call": one.call,
        "run": one,
        "said": say_change(one.change),
        "figures": figures_of(one),
        "left_over": one.result and one.result["unmatched"]["left"],
        "on_board": Board.objects.filter(call=one.call, run=one).exists(),
        "form": form,
        "bars": [(_("Run %(n)d") % {"n": one.number}, parts_of(weights), False)],
        "show": show,
        "chips": [(key, label) for key, (label, _rows) in SHOWN.items()],
        "find": find,
        "words": words,
        "page": page,
        "rows": named(page.object_list),
    }
    if one.parent is not None and one.parent.is_done:
        context |= _beside_parent(one, one.parent)
    return context


def _beside_parent(one: Run, parent: Run) -> dict[str, Any]:
    """Return what a run did to that from which it was changed."""
    beside = compare(parent, one)
    was, weights = shares(parent.instance["weights"]), shares(one.instance["weights"])
    changes = beside.changes
    return {
        "beside": beside,
        "compare_url": _of_two(one.call, parent.number, one.number),
        "moves": moves(changes[:MOST_MOVES]),
        "more_moves": max(0, len(changes) - MOST_MOVES),
        "points": points_of(len(changes), len(beside.changes) + len(beside.same)),
        "effects": effects(beside),
        "deltas": {term: weights[term] - was[term] for term in weights},
        "bars": [
            (_("Run %(n)d") % {"n": parent.number}, parts_of(was), True),
            (_("Run %(n)d") % {"n": one.number}, parts_of(weights), False),
        ],
    }


@require_POST
@staff_required
def put(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Put a run on the board, in the place of the one that stands there."""
    call = call_or_404(request, slug)
    one = get_object_or_404(runs_of(call), number=number)
    require_perm(request.user, "matching.run_matching", one)
    done = _("Run %(number)d is on the board now.") % {"number": one.number}
    sent = press(request, lambda: put_on_board(run=one, by=request.user), done)
    if sent.is_done:
        return redirect("matching:board", slug)
    return redirect("matching:run", slug, number)


@require_GET
@staff_required
def file(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Hand a done run out as the file that proves it."""
    call = call_or_404(request, slug)
    one = get_object_or_404(Run.objects, call=call, number=number, ended_at__isnull=False, error="")
    text = json.dumps(run_file(one), ensure_ascii=False, indent=1)
    answer = HttpResponse(text, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{call.slug}-run-{number}.json"'
    return answer


@require_GET
@staff_required
def side_by_side(request: SignedInRequest, slug: str) -> HttpResponse:
    """Lay two done runs side by side: what differs, what it gained, and who."""
    call = call_or_404(request, slug)
    done = Run.objects.filter(call=call, ended_at__isnull=False, error="")
    numbers = list(done.values_list("number", flat=True))
    form = CompareForm(request.GET or None, numbers=numbers)
    context: dict[str, Any] = NAV | {"call": call, "form": form, "numbers": numbers}
    if form.is_valid():
        one, other = (run_or_404(call, form.cleaned_data[name]) for name in ("one", "other"))
        context |= _compared(request, one, other)
    return render(request, "matching/compare.html", context)


def _compared(request: SignedInRequest, one: Run, other: Run) -> dict[str, Any]:
    beside = compare(one, other)
    show = "same" if request.GET.get("show") == "same" else "changes"
    rows = beside.same if show == "same" else beside.changes
    page = page_of(request, rows)
    board = Board.objects.filter(call=other.call).values_list("run", flat=True).first()
    gains = [row.difference for row in beside.changes]
    return {
        "beside": beside,
        "swap_url": _of_two(other.call, other.number, one.number),
        "changes_url": _of_two(other.call, one.number, other.number),
        "same_url": _of_two(other.call, one.number, other.number, show="same"),
        "cards": [
            (run, figures, say_change(run.change), run.pk == board)
            for run, figures in ((one, beside.before), (other, beside.after))
        ],
        "differing": say_rules(list(beside.differing)),
        "effects": effects(beside),
        "gaining": sum(gain > 0 for gain in gains),
        "losing": sum(gain < 0 for gain in gains),
        "points": beside.after.total - beside.before.total,
        "pairs": beside.after.pairs - beside.before.pairs,
        "show": show,
        "page": page,
        "rows": moves(page.object_list),
        "may_put": other.pk != board,
    }
