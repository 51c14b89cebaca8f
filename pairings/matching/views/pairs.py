"""Staff: why a pair, and confirming one or several."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from core.kit.decorators import require_perm, staff_required
from core.kit.errors import WrongStateError
from core.kit.saving import Sent, posted, save
from pairings.matching.charts import class_of, map_of, parts_of
from pairings.matching.forms import ConfirmForm, ConfirmForms, ReadForm
from pairings.matching.models import Run
from pairings.matching.selectors import board_of
from pairings.matching.selectors.board import Shown, shown_of, standings_of
from pairings.matching.selectors.pair import (
    Explained,
    Topics,
    apart_of,
    explained,
    names_of,
    session_of,
    wishes_of,
)
from pairings.matching.services import Confirmed, Outcome, confirm_pairs
from pairings.matching.views.common import NAV, call_or_404
from programme.calls.models import Call

# Of the board's page: so many pairs are confirmed at once.
MOST = 50
HUNDREDTH = 100


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def pair(request: SignedInRequest, slug: str, left: str, right: str) -> HttpResponse:
    """Explain a pair of the run on the board; POST confirms it."""
    call, shown = _shown(request, slug)
    [one] = _explained(shown, [(left, right)])
    topics = Topics()
    form = _form(request, one, topics, prefix=None)
    page = ConfirmForms(_read(request, shown.run), [(one, form)])
    sent = _confirmed(request, call, page)
    if sent.is_done and (answer := _all_done(request, call, sent.result)):
        return answer
    if sent.is_done and sent.result[0].refusal is not None:
        form.add_error(None, str(sent.result[0].refusal.message))
    apart = apart_of(left, right)
    context = NAV | {
        "call": call,
        "run": shown.run,
        "one": one,
        "terms": [(term, class_of(term.name)) for term in one.terms],
        "parts": parts_of({term: points / HUNDREDTH for term, points in one.points.items()}),
        "standing": shown.standings.get((left, right)),
        "apart": apart,
        "map": map_of([(apart.points[0], apart.points[1])]) if apart.points else None,
        "wishes": wishes_of(shown.run, apart, request.user),
        "dearest": max((row.other.cost or 0 for row in one.choices), default=0),
        "read": page.form,
        "form": form,
        "several": [page.form, form],
        "may_change": request.user.has_perm("matching.run_matching", shown.run),
    }
    return render(request, "matching/pair.html", context, status=_status(sent))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def confirm(request: SignedInRequest, slug: str) -> HttpResponse:
    """Ask for topics and reason of the pairs in the address, and confirm them together."""
    call, shown = _shown(request, slug)
    require_perm(request.user, "matching.run_matching", shown.run)
    wanted = dict.fromkeys(request.GET.getlist("pair"))
    chosen = [row for row in shown.pairs if row.value in wanted][:MOST]
    if not chosen:
        messages.error(request, _("Tick at least one pair first."))
        return redirect("matching:board", call.slug)
    topics = Topics()
    rows = [
        (one, _form(request, one, topics, prefix=str(number)))
        for number, one in enumerate(_explained(shown, [row.key for row in chosen]))
    ]
    page = ConfirmForms(_read(request, shown.run), rows)
    sent = _confirmed(request, call, page)
    outcomes: list[Outcome] = sent.result if sent.is_done else []
    if answer := _all_done(request, call, outcomes):
        return answer
    refused = [outcome.refusal for outcome in outcomes]
    if outcomes:
        for (_one, form), refusal in zip(rows, refused, strict=True):
            if refusal is not None:
                form.add_error(None, str(refusal.message))
        rows = [row for row, refusal in zip(rows, refused, strict=True) if refusal is not None]
        page = ConfirmForms(page.form, rows)
    standings = standings_of(call) if outcomes else shown.standings
    context = NAV | {
        "call": call,
        "run": shown.run,
        "read": page.form,
        "rows": [(one, form, standings.get((one.left.slug, one.right.slug))) for one, form in rows],
        "several": [page.form, *(form for _one, form in rows)],
        "done": [outcome for outcome in outcomes if outcome.pairing],
        "has_errors": any(form.errors for _one, form in rows),
    }
    return render(request, "matching/confirm.html", context, status=_status(sent))


def _shown(request: SignedInRequest, slug: str) -> tuple[Call, Shown]:
    call = call_or_404(request, slug)
    run = board_of(call).run
    if run is None:
        raise Http404
    require_perm(request.user, "matching.view_run", run)
    return call, shown_of(run, call)


def _explained(shown: Shown, keys: list[tuple[str, str]]) -> list[Explained]:
    session = session_of(shown.run)
    if session is None:
        raise WrongStateError(
            _("This run was worked out by an older engine. Solve again on the board.")
        )
    names = names_of(shown)
    try:
        return [explained(shown, session, left, right, names) for left, right in keys]
    except KeyError as error:
        raise Http404 from error


def _form(
    request: SignedInRequest, one: Explained, topics: Topics, prefix: str | None
) -> ConfirmForm:
    initial = {
        "reason": one.reason,
        "topics": [topic.pk for topic in topics.suggested(one.shared)],
    }
    offered = topics.offered(one.shared or one.named)
    # On a page of its own the heading names the pair.
    about = "" if prefix is None else f"{one.left.name} – {one.right.name}"
    return ConfirmForm(
        posted(request), prefix=prefix, offered=offered, about=about, initial=initial
    )


def _read(request: SignedInRequest, run: Run) -> ReadForm:
    return ReadForm(posted(request), initial={"run": run.number})


def _confirmed(request: SignedInRequest, call: Call, page: ConfirmForms) -> Sent[list[Outcome]]:
    if request.method == "POST":
        require_perm(request.user, "matching.run_matching", board_of(call))

    def service() -> list[Outcome]:
        rows = [
            Confirmed(
                one.left.slug, one.right.slug, form.chosen_topics, form.cleaned_data["reason"]
            )
            for one, form in page.rows
        ]
        read = page.form.cleaned_data["run"]
        return confirm_pairs(call=call, read=read, rows=rows, by=request.user)

    return save(request, page, service)


def _all_done(request: SignedInRequest, call: Call, outcomes: list[Outcome]) -> HttpResponse | None:
    """Say what was proposed, and lead to the board unless a pair was refused."""
    new = sum(one.pairing is not None and not one.was_there for one in outcomes)
    there = sum(one.was_there for one in outcomes)
    if new:
        words = ngettext(
            "%(n)d pair is proposed. Every lead of its cities has a mail to answer.",
            "%(n)d pairs are proposed. Every lead of their cities has a mail to answer.",
            new,
        )
        messages.success(request, words % {"n": new})
    if there:
        words = ngettext(
            "%(n)d pair was proposed before and stays as it is.",
            "%(n)d pairs were proposed before and stay as they are.",
            there,
        )
        messages.info(request, words % {"n": there})
    if not outcomes or any(one.refusal for one in outcomes):
        return None
    return redirect("matching:board", call.slug)


def _status(sent: Sent[Any]) -> int:
    """Return the status of a page that is shown again: a refused pair is a conflict."""
    return WrongStateError.status if sent.is_done else sent.status
