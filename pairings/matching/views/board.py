"""Staff: the board of a call, what is changed on it, and its rules."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import SignedInRequest
from core.kit.decorators import require_perm, staff_required
from core.kit.paging import page_of
from core.kit.saving import Sent, posted, press, save
from pairings.matching.charts import class_of, map_of, parts_of
from pairings.matching.engine import Session
from pairings.matching.forms import BoardFilter, BoardForm, RulesForm, shares
from pairings.matching.labels import TERMS
from pairings.matching.models import Run
from pairings.matching.selectors import board_of, figures_of
from pairings.matching.selectors.board import (
    BESIDE,
    LEFT_OVER,
    Shown,
    Suggested,
    banned_of,
    coordinates_of,
    listed_beside,
    listed_pairs,
    shown_of,
)
from pairings.matching.selectors.pair import (
    apart_of,
    choices_of,
    session_of,
    topic_names,
    with_next,
)
from pairings.matching.services import Changes, change_board
from pairings.matching.views.common import NAV, call_or_404
from programme.calls.models import Call

# What an address of the board may say.
KEPT = ("q", "order", "show", "page", "on")
# A share of this scale is a hundredth.
HUNDREDTH = 100


@require_GET
@staff_required
def board(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show the suggested pairs of the run on the board, one of them opened with `?on=`."""
    call = call_or_404(request, slug)
    run = board_of(call).run
    if run is None:
        return redirect("matching:runs", call.slug)
    require_perm(request.user, "matching.view_run", run)
    form = BoardFilter(request.GET)
    chosen = form.chosen
    shown = shown_of(run, call)
    page = page_of(request, listed_pairs(shown, chosen["q"], chosen["order"]))
    beside = listed_beside(shown, chosen["q"], chosen["show"])
    on, known = request.GET.get("on", ""), shown.result["alternatives"]
    # Restored only where it is asked: the result holds the rest.
    is_asked = bool(on) or any(pair.left.slug not in known for pair in page.object_list)
    session = session_of(run) if is_asked else None
    rows = with_next(shown, session, list(page.object_list))
    opened = _opened(shown, session, rows, on)
    names = topic_names()
    picked = set(request.GET.getlist("id"))
    suggested, on_page = ({pair.value for pair in some} for some in (shown.pairs, rows))
    context = NAV | {
        "call": call,
        "run": run,
        "shown": shown,
        "figures": figures_of(run),
        "locks": len(run.instance["locked"]),
        "form": form,
        "chosen": chosen,
        "chips": _chips(shown, chosen["show"]),
        "page": page,
        "rows": [
            (pair, _parts(pair), [names.get(slug, slug) for slug in pair.topics]) for pair in rows
        ],
        "beside": beside[:BESIDE],
        "more_beside": max(0, len(beside) - BESIDE),
        "partners_left": shown.partners_left[:LEFT_OVER],
        "more_partners_left": max(0, len(shown.partners_left) - LEFT_OVER),
        "legend": [
            (TERMS[term], class_of(term), share)
            for term, share in shares(run.instance["weights"]).items()
            if share
        ],
        "may_change": request.user.has_perm("matching.run_matching", run),
        "picked": [row.value for row in shown.pairs if row.value in picked],
        "kept": [value for value in picked if value not in on_page and value in suggested],
        "back": _kept(request.GET).urlencode(),
        **opened,
    }
    return render(request, "matching/board.html", context)


def _parts(pair: Suggested) -> Any:
    return parts_of({term: pair.terms.get(term, 0) / HUNDREDTH for term in TERMS})


def _chips(shown: Shown, show: str) -> list[tuple[str, str, int, bool]]:
    locked = sum(row.is_locked for row in shown.beside)
    found = (
        ("", _("All"), len(shown.beside)),
        ("unpaired", _("Unpaired"), len(shown.unpaired)),
        ("locked", _("Locked"), locked),
    )
    return [(key, label, number, key == show) for key, label, number in found]


def _opened(
    shown: Shown, session: Session | None, rows: list[Suggested], on: str
) -> dict[str, Any]:
    """Return what is shown of the pair in hand; its alternatives where the address opens it."""
    opened = next((pair for pair in [*rows, *shown.pairs] if pair.value == on), None)
    in_hand = opened or (rows[0] if rows else None)
    if in_hand is None:
        return {}
    others = [pair for pair in rows if pair is not in_hand]
    places = coordinates_of([in_hand, *others])
    drawn = map_of(list(places.values())) if in_hand.key in places else None
    found = {"in_hand": in_hand, "map": drawn, "apart": apart_of(*in_hand.key)}
    if opened is None:
        return found
    choices = choices_of(shown, session, opened.left.slug)
    dearest = max((one.other.cost or 0 for one in choices), default=0)
    return found | {
        "opened": opened,
        "choices": choices,
        "dearest": dearest,
        "banned": banned_of(shown.run, opened.left.slug, shown.places),
        "terms": [
            (TERMS[term], class_of(term), points)
            for term, points in sorted(opened.terms.items(), key=lambda one: -one[1])
        ],
    }


def _kept(said: QueryDict) -> QueryDict:
    """Return what an address says of the board, and nothing else."""
    kept = QueryDict(mutable=True)
    for key in KEPT:
        if key in said:
            kept[key] = said.get(key, "")
    return kept


@require_POST
@staff_required
def change(request: SignedInRequest, slug: str) -> HttpResponse:
    """Lock, forbid or solve again, and lead back; lead on to where pairs are confirmed."""
    call = call_or_404(request, slug)
    require_perm(request.user, "matching.run_matching", board_of(call))
    form = BoardForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(str(error) for error in errors))
        return redirect("matching:board", call.slug)
    said = form.cleaned_data
    if said["act"] == BoardForm.CONFIRM:
        query = QueryDict(mutable=True)
        query.setlist("pair", [",".join(pair) for pair in said["id"]])
        return redirect(f"{reverse('matching:confirm', args=[call.slug])}?{query.urlencode()}")
    sent: Sent[Run] = press(
        request,
        lambda: change_board(call=call, read=said["run"], changes=_changes(said), by=request.user),
    )
    if sent.is_done:
        return told(request, call, sent.result, said["back"])
    return redirect(_board_url(call, said["back"]))


def _changes(said: dict[str, Any]) -> Changes | None:
    """Return what was pressed; None to read the data anew."""
    if said["act"] == BoardForm.SOLVE:
        return None
    lock = said["id"] if said["act"] == BoardForm.LOCK else said["lock"]
    return Changes(lock=lock, unlock=said["unlock"], forbid=said["forbid"], allow=said["allow"])


def told(request: SignedInRequest, call: Call, run: Run, back: str = "") -> HttpResponse:
    """Say what a change has made of the pairs, and lead to the board; or to the run on its way."""
    if not run.is_done:
        return redirect("matching:run", call.slug, run.number)
    shown = shown_of(run, call)
    words = _("Run %(number)d is on the board: %(pairs)d pairs, %(total)s points in all.")
    said = [words % {"number": run.number, "pairs": run.pairs, "total": f"{run.total:,}"}]
    if shown.changed is not None:
        new = ngettext("%(n)d pair is new.", "%(n)d pairs are new.", shown.changed)
        said.append(new % {"n": shown.changed} if shown.changed else _("All pairs stay."))
    if shown.points_gained:
        said.append(_("That is %(points)s points.") % {"points": f"{shown.points_gained:+,}"})
    messages.success(request, " ".join(said))
    return redirect(_board_url(call, back))


def _board_url(call: Call, back: str) -> str:
    query = _kept(QueryDict(back)).urlencode()
    url = reverse("matching:board", args=[call.slug])
    return f"{url}?{query}" if query else url


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def rules(request: SignedInRequest, slug: str) -> HttpResponse:
    """Change the places per partner country and the lowest score, and work the pairs out anew."""
    call = call_or_404(request, slug)
    run = board_of(call).run
    if run is None:
        return redirect("matching:runs", call.slug)
    require_perm(request.user, "matching.run_matching", run)
    shown = shown_of(run, call)
    quotas = run.instance.get("quotas") or {}
    read = _run_read(request, run)
    form = RulesForm(
        posted(request),
        countries=[(one.code, one.name) for one in shown.countries],
        quotas=quotas.get("right_country", {}),
        initial={"min_score": run.instance.get("min_score", 0)},
    )
    sent: Sent[Run] = save(
        request,
        form,
        lambda: change_board(
            call=call,
            read=read,
            changes=Changes(
                min_score=form.cleaned_data["min_score"],
                quotas={**quotas, "right_country": form.quotas},
            ),
            by=request.user,
        ),
    )
    if sent.is_done:
        return told(request, call, sent.result)
    context = NAV | {"call": call, "run": run, "form": form, "countries": shown.countries}
    return render(request, "matching/rules.html", context, status=sent.status)


def _run_read(request: SignedInRequest, run: Run) -> int:
    """Return the number of the run that was read when the form was opened."""
    said = request.POST.get("run", "")
    return int(said) if said.isdecimal() and len(said) < len("1000000") else run.number
