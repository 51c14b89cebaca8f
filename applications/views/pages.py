"""What the pages of a draft share: finding it, its frame, and telling of refusals."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Model, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import SignedInRequest
from accounts.rules import mark_within_reach, sees_everything
from applications.eligibility import ApplicantFacts, CallRules
from applications.models import Application, Municipality, SignedPaper, Stakeholder
from applications.selectors import (
    LOCKED,
    Task,
    clarifications_of,
    said_beside,
    sent_applications,
    submission_of,
    tasks_by_draft,
    tasks_of,
    working_copy_of,
)
from applications.selectors.partnership import begins_again, words_left_behind
from applications.services.locking import takes_changes
from applications.states import CLARIFIED_IN
from core.files.models import StoredFile
from core.files.serving import serve, serve_inside, show_inside
from core.kit import days
from core.kit.decorators import require_perm
from core.kit.differences import differences, saved_first
from core.kit.saving import Sent, save
from core.trail.selectors import last_to_change, number_of_events
from programme.calls.selectors import with_closing
from programme.organisations.rules import remember_role
from programme.organisations.selectors import role_of, why_unconfirmed
from questionnaires.states import SectionState

SHOWS = {
    "attention": ("is-wait", "warning"),
    SectionState.IN_PROGRESS: ("is-now", "progress"),
    SectionState.NOT_STARTED: ("is-todo", ""),
    LOCKED: ("is-lock", ""),
    SectionState.DONE: ("is-done", "success"),
}


@dataclass(frozen=True)
class Step:
    """A section as the list and the navigation show it; without `url` while it is not open."""

    number: int
    task: Task
    url: str
    label: str
    css: str
    tone: str


def own_application(request: HttpRequest, key: str) -> Application:
    """Return an application of the person's organisations, by reference or draft key; 404.

    Its `closes_at` is when the call closes for its organisation; `begins_again` tells whether
    one of the organisation was withdrawn before.
    """
    application: Any = (
        with_closing(Application.objects.with_last_saved())
        .filter(Q(reference=key) | Q(draft_key=key))
        .filter(organisation__memberships__user=request.user.pk)
        .annotate(
            role_of_reader=role_of(request.user, "organisation"),
            begins_again=begins_again(),
        )
        .select_related("call__strand", "organisation__country", "response", "revises", "profile")
        .first()
    )
    if application is None:
        raise Http404
    remember_role(request.user, application.organisation, application.role_of_reader)
    return cast("Application", application)


def municipality_of(application: Application, pk: int) -> Municipality:
    """Return a municipality of the application; 404 for one of another."""
    return get_object_or_404(
        application.municipalities.select_related("application", "country", "city"), pk=pk
    )


def stakeholder_of(application: Application, pk: int) -> Stakeholder:
    """Return a stakeholder of the application; 404 for one of another."""
    return get_object_or_404(application.stakeholders.select_related("application"), pk=pk)


def sent_application(request: SignedInRequest, reference: str) -> Application:
    """Return an application the person of staff may see; 404 otherwise.

    Its `event_count` is the number of its records, for its pages.
    """
    found = (
        sent_applications(request.user)
        .filter(reference=reference)
        .select_related("call", "organisation__country", "response")
        .annotate(event_count=number_of_events(Application))
        .first()
    )
    if found is None:
        raise Http404
    if sees_everything(request.user):
        mark_within_reach(request.user, found)
    return found


def asked(request: HttpRequest, application: Application) -> dict[str, Any]:
    """Return what pages of a sent application show of the questions about its answers."""
    rows = clarifications_of(application)
    return {
        "clarifications": rows,
        "said": said_beside(rows),
        "may_ask": application.status in CLARIFIED_IN
        and request.user.has_perm("applications.ask_clarification", application),
    }


def steps_of(application: Application, tasks: list[Task]) -> list[Step]:
    """Return the sections with their addresses and words."""
    steps = []
    for number, task in enumerate(tasks, 1):
        arguments = [application.key]
        if task.url_name == "applications:section":
            arguments.append(task.key)
        url = "" if task.state == LOCKED else reverse(task.url_name, args=arguments)
        steps.append(step_of(number, task, url))
    return steps


def step_of(number: int, task: Task, url: str) -> Step:
    """Return a section as the list and the navigation show it."""
    words = {
        SectionState.DONE: _("Complete"),
        "attention": _("Not complete yet"),
        SectionState.IN_PROGRESS: _("In progress"),
        SectionState.NOT_STARTED: _("Not started"),
        LOCKED: _("Not yet open"),
    }
    css, tone = SHOWS[task.state]
    return Step(number, task, url, label=words[task.state], css=css, tone=tone)


def place_of(steps: list[Step], current: str) -> dict[str, Any]:
    """Return the sections of a draft, and where among them the page of one stands; "" for none."""
    position = next((step.number for step in steps if step.task.key == current), 0)
    return {
        "steps": steps,
        "step": steps[position - 1] if position else None,
        "step_count": len(steps),
        "next_url": steps[position].url if 0 < position < len(steps) else "",
    }


def frame(
    application: Application,
    current: str = "",
    facts: ApplicantFacts | None = None,
    rules: CallRules | None = None,
) -> dict[str, Any]:
    """Return what every page of a draft shows around its form.

    A page that knows the facts and rules already hands them in.
    """
    tasks = (
        tasks_of(application, facts, rules)
        if facts and rules
        else tasks_by_draft([application])[application.pk]
    )
    return {
        "application": application,
        "call": application.call,
        "organisation_name": application.organisation.name,
        **place_of(steps_of(application, tasks), current),
        "is_closed": not takes_changes(application),
        "unconfirmed": why_unconfirmed(application.organisation),
        "standing": application.revises and submission_of(application.revises),
        "now": days.now(),
        "nav_current": "applications:mine",
    }


def left_behind(application: Any) -> dict[str, Any]:
    """Return what a page of a draft says of words that did not come along to it."""
    is_asked = application.begins_again and not application.revises
    return {"left_behind": words_left_behind(application) if is_asked else []}


def change_of(request: HttpRequest, application: Application) -> dict[str, Any]:
    """Return what the pages of a sent application say of changing it: the copy, and the right."""
    copy = working_copy_of(application)
    is_open = application.can_be_changed and takes_changes(application)
    return {
        "working_copy": copy,
        "is_open": is_open,
        "may_reopen": is_open
        and request.user.has_perm("applications.reopen_application", application),
    }


def editable(request: HttpRequest, key: str) -> Application:
    """Return an application the person may edit; 404 for outsiders, 403 for viewers."""
    application = own_application(request, key)
    require_perm(request.user, "applications.edit_application", application)
    return application


def moved_on(request: HttpRequest, application: Application) -> HttpResponse:
    """Send a reader of a page that is over to what was sent."""
    application = application.revises or application
    messages.info(request, _("This application is no longer a draft. You can read what was sent."))
    return redirect("applications:detail", application.key)


def draft_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open a page of a draft to who may edit it; once it was sent, lead to what was sent.

    What somebody still typed is refused by the service, and shown so that it can be copied.
    The view gets the application in place of the key of the address.
    """

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, key: str, **kwargs: Any) -> HttpResponse:
        application = editable(request, key)
        if not application.is_draft and request.method != "POST":
            return moved_on(request, application)
        return view(request, application, **kwargs)

    return guarded


def stored_now(form: forms.Form, sent: Sent[Any], saved: Model) -> dict[str, Any]:
    """Return what a page shows of what somebody else saved first, where it differs.

    `saved` is what they saved; its trail knows them.
    """
    by, rows = (lambda _now: last_to_change(saved)), (lambda _now: differences(form))
    return {"saved_first": saved_first(sent, by=by, rows=rows)}


def form_page(
    request: HttpRequest,
    application: Application,
    form: forms.Form,
    *,
    template: str,
    step: str,
    service: Callable[[], Any],
    then: Callable[[], HttpResponse],
    done: Callable[[], str] = str,
    **context: Any,
) -> HttpResponse:
    """Show a form of a draft; when it was sent, save it, say so and go on with `then`.

    `done` says what was done beside saving it, or "".
    """
    sent = save(request, form, service)
    if sent.is_done:
        messages.success(request, done() or _("Saved."))
        return then()
    stored = stored_now(form, sent, application)
    shown = frame(application, step) | {"form": form, **context, **stored}
    return show(request, template, shown, sent.status)


def back_to(application: Application, page: str, card: str) -> HttpResponse:
    """Lead back to a page with a list, to one row or field of it by its id: it gets the focus."""
    address = reverse(f"applications:{page}", args=[application.key])
    return redirect(f"{address}#{card}" if card else address)


def invited_words(form: forms.Form, field: str = "contact_email") -> str:
    """Say to whom the invitation went that a form asked for."""
    return _("Saved. The invitation is on its way to %(email)s.") % {
        "email": form.cleaned_data[field]
    }


def go_on(application: Application, step: str) -> HttpResponse:
    """Go to the section after this one, or back to the list after the last."""
    next_url = frame(application, step)["next_url"]
    return redirect(next_url or reverse("applications:detail", args=[application.key]))


def show(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render a page of the city."""
    return render(request, f"applications/{template}", context, status=status)


def hand_out(request: HttpRequest, key: str, paper: SignedPaper) -> HttpResponseBase:
    """Hand out the file of what somebody signed to who may see its application; 404 for none."""
    application = getattr(paper, paper.whose).application
    if paper.file is None or key not in (application.key, application.draft_key):
        raise Http404
    return handed(request, paper.file)


def handed(request: HttpRequest, file: StoredFile) -> HttpResponseBase:
    """Hand out a file as its address asks: `shown` in a frame, or kept.

    What is kept is what people can open; who looks into the signature itself asks for the
    envelope (`signed`).
    """
    if "shown" in request.GET:
        return show_inside(file)
    return serve(file) if "signed" in request.GET else serve_inside(file)
