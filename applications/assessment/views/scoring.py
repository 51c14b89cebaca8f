"""An assessor's page of one application: read on the left, score on the right."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import SignedInRequest
from applications.assessment import services
from applications.assessment.forms.scoring import AbstainForm, HandInForm, ReopenForm, ScoreForm
from applications.assessment.models import Assessment, Score
from applications.assessment.selectors.blind import is_read_blind, without_names
from applications.assessment.selectors.readings import can_be_scored, next_reading
from applications.assessment.selectors.scoring import (
    Card,
    cards_of,
    others_of,
    own_assessment,
    so_far,
)
from applications.assessment.views.pages import read_application
from applications.models import Application
from applications.parts import parts_of
from applications.selectors import document_links, submission_of
from applications.views.pages import sent_application
from core.kit.days import saved_at_words
from core.kit.decorators import require_perm, staff_required
from core.kit.errors import PortalError, StaleError
from core.kit.saving import SHOWN, Sent, finish, posted, save

# The version of what was saved, and when.
Saved = tuple[int, dt.datetime | None]


def _own(request: SignedInRequest, reference: str) -> Application:
    application = read_application(request, reference)
    require_perm(request.user, "assessment.score_application", application)
    return application


def _card(cards: list[Card], key: str) -> Card:
    found = next((card for card in cards if card.criterion.key == key), None)
    if found is None:
        raise Http404
    return found


def _form(card: Card, data: Any = None) -> ScoreForm:
    score = card.score
    value = score and score.value
    initial = {
        "value": f"{value:.1f}" if value is not None else None,
        "sentence": score.sentence if score else "",
        "version": score.version if score else 0,
    }
    return ScoreForm(card.criterion, data, initial=initial)


def _page(
    request: SignedInRequest,
    application: Application,
    *,
    opened: str = "",
    form: ScoreForm | None = None,
    hand_in_form: HandInForm | None = None,
    status: int = SHOWN,
    **more: Any,
) -> HttpResponse:
    assessment = own_assessment(application, request.user)
    cards = cards_of(application, assessment)
    is_scorable = can_be_scored(application)
    is_open = is_scorable and (assessment is None or assessment.is_draft)
    here = next((card for card in cards if card.criterion.key == opened), None)
    if here is None:
        here = next((card for card in cards if not card.is_done), None)
    total, weight = so_far(cards)
    submission = submission_of(application)
    snapshot = submission.snapshot if submission else None
    is_blind = is_read_blind(application)
    if snapshot and is_blind:
        snapshot = without_names(application, snapshot)
    may_see = request.user.has_perm("assessment.view_scores", application)
    context = {
        "application": application,
        "assessment": assessment,
        "is_open": is_open,
        "is_scorable": is_scorable,
        "cards": cards,
        # What was typed stays on the page, with the sentence that says why it is not taken.
        "opened": here if is_open or form else None,
        "has_bar": bool(cards) and (is_open or hand_in_form is not None),
        "form": form or (_form(here) if here and is_open else None),
        "hand_in_form": hand_in_form
        or HandInForm(
            initial={"overall": assessment.overall, "version": assessment.version}
            if assessment
            # What is begun by the first words of all has this version.
            else {"version": 1}
        ),
        "saved_at": saved_at_words(assessment.overall_at if assessment else None),
        "is_complete": bool(cards) and all(card.is_done for card in cards),
        "left": sum(not card.is_done for card in cards),
        "total": total,
        "weight": weight,
        "parts": parts_of(snapshot) if snapshot else [],
        "links": document_links(application, snapshot) if snapshot and not is_blind else {},
        "is_blind": is_blind,
        "submission": submission,
        "others": others_of(application, request.user) if may_see else [],
        "plan": getattr(application.call, "assessment_plan", None),
        "nav_current": "assessment:mine",
    }
    return render(request, "assessment/score.html", context | more, status=status)


@require_GET
@staff_required
def score(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show what the applicant wrote beside the assessor's own scores."""
    application = _own(request, reference)
    return _page(request, application, opened=request.GET.get("criterion", ""))


@require_POST
@staff_required
def score_save(request: SignedInRequest, reference: str, key: str) -> HttpResponse:
    """Save one criterion, and open the next; while typing (JSON) only save."""
    application = _own(request, reference)
    card = _card(cards_of(application, own_assessment(application, request.user)), key)
    form = _form(card, request.POST)

    def service() -> Any:
        return services.save_score(
            application=application, criterion=card.criterion, by=request.user, **form.values()
        )

    if request.headers.get("Accept") == "application/json":
        return _while_typing(form, lambda: _of_score(service()))
    sent = save(request, form, service, saves_itself=True)
    if sent.is_done:
        page = reverse("assessment:score", args=[reference])
        return redirect(f"{page}?criterion={_next(application, request, key)}#criterion")
    stale = sent.stale.current if sent.stale else None
    return _page(
        request,
        application,
        opened=key,
        form=form,
        status=sent.status,
        stale=stale,
        score_put_back=sent.is_put_back,
    )


def _next(application: Application, request: SignedInRequest, key: str) -> str:
    """Return the criterion to open after this one: the next unfinished, or this one again."""
    cards = cards_of(application, own_assessment(application, request.user))
    at = next(n for n, card in enumerate(cards) if card.criterion.key == key)
    later = [card for card in (*cards[at + 1 :], *cards[:at]) if not card.is_done]
    return later[0].criterion.key if later else key


def _of_score(score: Score) -> Saved:
    return score.version, score.saved_at


def _of_whole(assessment: Assessment) -> Saved:
    return assessment.version, assessment.overall_at


def _while_typing(form: Form, service: Callable[[], Saved]) -> JsonResponse:
    state: dict[str, Any]
    try:
        if not form.is_valid():
            text = " ".join(str(words) for errors in form.errors.values() for words in errors)
            return _told({"state": "refused", "text": text}, 422)
        version, saved_at = service()
    except StaleError as error:
        row = error.current
        _version, saved_at = _of_score(row) if isinstance(row, Score) else _of_whole(row)
        state = {"state": "conflict", "is_own": True, "time": saved_at_words(saved_at)}
        return _told(state, 409)
    except PortalError as error:
        return _told({"state": "refused", "text": error.message}, 410)
    state = {"state": "saved", "time": saved_at_words(saved_at)}
    return _told(state, SHOWN, version)


def _told(state: dict[str, Any], status: int, version: int = 0) -> JsonResponse:
    html = render_to_string("components/save_state.html", state)
    return JsonResponse({"version": version, "html": html}, status=status)


@require_POST
@staff_required
def overall_save(request: SignedInRequest, reference: str) -> HttpResponse:
    """Save the words on the whole, while they are typed (JSON) or by the button."""
    application = _own(request, reference)
    form = HandInForm(request.POST)

    def service() -> Assessment:
        return services.save_overall(application=application, by=request.user, **form.values())

    if request.headers.get("Accept") == "application/json":
        return _while_typing(form, lambda: _of_whole(service()))
    sent = save(request, form, service, saves_itself=True)
    if not sent.is_done:
        return _whole_refused(request, application, form, sent)
    return finish(request, _("Saved."), "assessment:score", reference)


def _whole_refused(
    request: SignedInRequest, application: Application, form: HandInForm, sent: Sent[Any]
) -> HttpResponse:
    stale = sent.stale.current if sent.stale else None
    return _page(
        request,
        application,
        hand_in_form=form,
        status=sent.status,
        stale_overall=stale,
        overall_put_back=sent.is_put_back,
    )


@require_POST
@staff_required
def hand_in(request: SignedInRequest, reference: str) -> HttpResponse:
    """Hand in the scores, and lead on to the next application."""
    application = _own(request, reference)
    form = HandInForm(request.POST)
    sent = save(
        request,
        form,
        lambda: services.hand_in(application=application, by=request.user, **form.values()),
        saves_itself=True,
    )
    if not sent.is_done:
        return _whole_refused(request, application, form, sent)
    done = _("%(name)s is handed in.") % {"name": application.organisation.name}
    return finish(request, done, _after(request))


def _after(request: SignedInRequest) -> str:
    """Return the next application to read, or the list when there is none."""
    following = next_reading(request.user)
    return reverse("assessment:score", args=[following]) if following else "assessment:mine"


@require_http_methods(["GET", "POST"])
@staff_required
def abstain(request: SignedInRequest, reference: str) -> HttpResponse:
    """Ask for the reason, and leave the judgement to the others."""
    application = _own(request, reference)
    form = AbstainForm(posted(request))
    sent = save(
        request,
        form,
        lambda: services.abstain(application=application, by=request.user, **form.cleaned_data),
    )
    if sent.is_done:
        done = _("You abstain from %(name)s. Others judge it.")
        return finish(request, done % {"name": application.organisation.name}, _after(request))
    context = {"application": application, "form": form, "nav_current": "assessment:mine"}
    return render(request, "assessment/abstain.html", context, status=sent.status)


@require_http_methods(["GET", "POST"])
@staff_required
def reopen(request: SignedInRequest, reference: str, pk: int) -> HttpResponse:
    """Let a coordinator give scores back to their assessor, with a reason."""
    application = sent_application(request, reference)
    require_perm(request.user, "assessment.reopen_assessment", application)
    rows = Assessment.objects.select_related("assignment__assessor")
    assessment = get_object_or_404(rows, pk=pk, assignment__application=application)
    form = ReopenForm(posted(request))
    sent = save(
        request,
        form,
        lambda: services.reopen_assessment(
            assessment=assessment, by=request.user, **form.cleaned_data
        ),
    )
    if sent.is_done:
        done = _("%(name)s has the scores again.") % {"name": str(assessment.assignment.assessor)}
        return finish(request, done, "applications:staff_detail", reference)
    context = {
        "application": application,
        "assessment": assessment,
        "form": form,
        "nav_current": "applications:staff_list",
    }
    return render(request, "assessment/reopen.html", context, status=sent.status)
