"""Staff: something done with many applications: chosen, looked at, done, taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import SignedInRequest
from applications.acting import Action, actions, offered_to
from applications.bulk.forms import LookedForm, UndoForm
from applications.bulk.models import BulkRow, BulkRun
from applications.bulk.progress import cells_of, seconds_left, width_of
from applications.bulk.selectors import (
    Looked,
    numbers_of,
    previewed,
    rows_seen,
    runs_seen,
    with_names,
)
from applications.bulk.services import (
    go_on,
    start_run,
    stop_run,
    undo_row,
    undo_run,
)
from applications.bulk.states import MOST_ROWS, RowState
from applications.models import Application
from applications.views.choosing import chosen_applications
from core.kit import days
from core.kit.decorators import require_perm, staff_required
from core.kit.errors import PortalError, StaleError
from core.kit.fingerprints import fingerprint
from core.kit.paging import page_of
from core.kit.saving import Sent, finish, look, posted, press, save

NAV = {"nav_current": "applications:staff_list"}
LIST = "applications:staff_list"
# So many rows of a preview are open; the others fold.
OPEN_ROWS = 50
# What a list of results can be narrowed to, by the value of `show`.
SHOWN = {
    "look": (gettext_lazy("Need a look"), RowState.LEFT),
    "waiting": (gettext_lazy("Waiting"), RowState.WAITING),
}


@dataclass(frozen=True)
class Sample:
    """A mail that is to be written, and to whom."""

    of: Application
    mail: Any


@dataclass(frozen=True)
class Preview:
    """What an action would do: to whom it cannot, who stays, who changes; and when we looked."""

    looked: Sequence[Looked]
    asked: str
    sample: Sample | None = None

    @property
    def stops(self) -> list[Looked]:
        """Return those to whom it cannot be done."""
        return [one for one in self.looked if one.change.why_not]

    @property
    def same(self) -> list[Looked]:
        """Return those that stay as they are."""
        return [one for one in self.looked if not one.change.is_change and not one.change.why_not]

    @property
    def changes(self) -> list[Looked]:
        """Return those that change."""
        return [one for one in self.looked if one.change.is_change]

    @property
    def seen(self) -> str:
        """Return what stands for each of them, to be sent along."""
        return " ".join(f"{one.application.pk}-{one.mark}" for one in self.looked)


def _chosen(request: SignedInRequest) -> list[Application]:
    """Return what the address names, nothing for more than one run takes."""
    rows = chosen_applications(request)
    return with_names(rows if rows.count() <= MOST_ROWS else rows.none())


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def choose(request: SignedInRequest) -> HttpResponse:
    """Choose what to do with the chosen applications, look at what changes, then begin."""
    require_perm(request.user, "bulk.act_on_many")
    offered = offered_to(request.user)
    applications = _chosen(request)
    if not applications or not offered:
        number = {"most": MOST_ROWS}
        words = _("Choose at least one application, and %(most)d at most. Narrow the list first.")
        messages.error(request, words % number)
        return redirect(LIST)
    keys = [one.key for one in offered]
    wanted = request.GET.get("action", "")
    action = offered[keys.index(wanted) if wanted in keys else 0]
    form = action.form(posted(request), applications)
    sent = _sent(request, action, form, applications)
    if sent.is_done and isinstance(sent.result, BulkRun):
        return redirect("bulk:run", sent.result.pk)
    preview = sent.result if sent.is_done else _looked_again(request, action, applications)
    context = NAV | {
        "actions": offered,
        "action": action,
        "applications": applications,
        "first": applications[:OPEN_ROWS],
        "form": form,
        "preview": preview,
        "open_rows": f":{OPEN_ROWS}",
        "after_open": f"{OPEN_ROWS}:",
        "looked_at": days.now(),
        "back_url": _back(request),
        "may_pack": request.user.has_perm("assessment.take_dossiers"),
    }
    status = 200 if sent.is_done else sent.status
    return render(request, "bulk/choose.html", context, status=status)


def _preview(
    request: SignedInRequest, action: Action, form: Any, applications: Sequence[Application]
) -> Preview:
    looked = previewed(action, applications, form.values, request.user)
    return Preview(looked, fingerprint(form.values), _sample(action, form, looked))


def _sample(action: Action, form: Any, looked: Sequence[Looked]) -> Sample | None:
    """Return one of the mails that an action writes: the one asked for, or the first."""
    changing = [one.application for one in looked if one.change.is_change]
    if action.sample is None or not changing:
        return None
    shown = next((one for one in changing if one.pk == form.sampled), changing[0])
    return Sample(shown, action.sample(shown, form.values))


def _sent(
    request: SignedInRequest, action: Action, form: Any, applications: Sequence[Application]
) -> Sent[Any]:
    if "go" not in request.POST:
        return look(request, form, lambda: _preview(request, action, form, applications))
    looked = LookedForm(request.POST)
    return save(request, form, lambda: _begin(request, action, form, looked))


def _begin(request: SignedInRequest, action: Action, form: Any, looked: LookedForm) -> BulkRun:
    marks = looked.marks
    if fingerprint(form.values) != looked.cleaned_data.get("asked"):
        raise StaleError(_("You changed what is asked since you looked. Look at what changes now."))
    return start_run(action=action.key, values=form.values, seen=marks, by=request.user)


def _looked_again(
    request: SignedInRequest, action: Action, applications: Sequence[Application]
) -> Preview | None:
    """Return the preview as it is now, for who was refused; None while the form is not valid."""
    # A form of its own: the other one holds the refusal.
    form = action.form(posted(request), applications)
    if not form.is_valid():
        return None
    try:
        return _preview(request, action, form, applications)
    except PortalError:
        return None


def _back(request: SignedInRequest) -> str:
    """Return the list with the same choice."""
    query = request.GET.copy()
    query.pop("action", None)
    return f"{reverse(LIST)}?{query.urlencode()}"


def _run(request: SignedInRequest, pk: int) -> BulkRun:
    """Return a run that the person may look at; 404 for all others."""
    return get_object_or_404(runs_seen(request.user), pk=pk)


@require_GET
@staff_required
def run_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show how far a run is and what became of each; a page that is open asks for this anew."""
    return _show(request, _run(request, pk), UndoForm())


def _show(
    request: SignedInRequest, run: BulkRun, form: UndoForm, status: int = 200
) -> HttpResponse:
    rows = rows_seen(run, request.user)
    shown = request.GET.get("show", "")
    numbers = numbers_of(rows)
    listed = rows.filter(state=SHOWN[shown][1]) if shown in SHOWN else rows
    cells = cells_of(list(rows.values_list("state", flat=True)), is_working=run.is_working)
    action = actions().get(run.action)
    may_manage = request.user.has_perm("bulk.manage_run", run)
    may_undo = may_manage and bool(action and action.undo)
    context = NAV | {
        "run": run,
        "numbers": numbers,
        "page": page_of(request, listed),
        "show": shown,
        "chips": [
            (value, label, getattr(numbers, str(state.value)))
            for value, (label, state) in SHOWN.items()
        ],
        "cells": cells,
        "width": width_of(cells),
        "seconds": seconds_left(run, numbers) if run.is_working else None,
        "action": action,
        "form": form,
        "may_manage": may_manage,
        "may_undo": may_undo,
    }
    part = request.headers.get("HX-Request") == "true"
    template = "bulk/run_progress.html" if part else "bulk/run.html"
    return render(request, template, context, status=status)


@require_POST
@staff_required
def stop(request: SignedInRequest, pk: int) -> HttpResponse:
    """Stop after the application that is being written."""
    run = _run(request, pk)
    press(request, lambda: stop_run(run=run, by=request.user), _("Stopped. The others wait."))
    return redirect("bulk:run", pk)


@require_POST
@staff_required
def resume(request: SignedInRequest, pk: int) -> HttpResponse:
    """Go on with what waits."""
    run = _run(request, pk)
    press(request, lambda: go_on(run=run, by=request.user), _("It goes on."))
    return redirect("bulk:run", pk)


@require_POST
@staff_required
def undo(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take all back that the run has done."""
    run = _run(request, pk)
    require_perm(request.user, "bulk.manage_run", run)
    form = UndoForm(posted(request))
    sent = save(request, form, lambda: undo_run(run=run, by=request.user, **form.cleaned_data))
    if sent.is_done:
        return finish(request, _("It is being taken back, one by one."), "bulk:run", pk)
    return _show(request, run, form, sent.status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def undo_one(request: SignedInRequest, pk: int, row: int) -> HttpResponse:
    """Take back what the run did to one application."""
    run = _run(request, pk)
    require_perm(request.user, "bulk.manage_run", run)
    found: BulkRow = get_object_or_404(rows_seen(run, request.user), pk=row)
    form = UndoForm(posted(request))
    sent = save(request, form, lambda: undo_row(row=found, by=request.user, **form.cleaned_data))
    if sent.is_done:
        done = _("%(name)s: taken back.") % {"name": found.application.organisation.name}
        return finish(request, done, "bulk:run", pk)
    context = NAV | {"run": run, "row": found, "form": form}
    return render(request, "bulk/undo_one.html", context, status=sent.status)
