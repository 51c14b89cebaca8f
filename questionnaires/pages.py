"""The page on which a section of a questionnaire is written, whoever owns the answers.

An app that owns answers asks who may, then hands in what differs: its own `SectionPage`. The
page saves all that is typed, also without JavaScript and while it is typed, and marks what a
question does not take as it is; shows both texts where two people wrote the same answer; and
what an answer once said.
"""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.http import SignedInRequest
from core.kit.days import now, saved_at_words
from core.kit.errors import InvalidError, PortalError, StaleError
from core.kit.fields import VersionField
from core.kit.keys import accept
from core.kit.saving import INVALID, SHOWN, finish, put_back, refuse, save
from questionnaires.forms import ConflictForm, SectionForm, build_form, sent_conflicts
from questionnaires.forms.conflict import USE_CHOICES
from questionnaires.forms.section import VERSION_PREFIX, keys_sent
from questionnaires.models import Response, Section
from questionnaires.presence import Seen, enter
from questionnaires.selectors import (
    SectionView,
    answer_sittings,
    section_as_sent,
    section_view,
)
from questionnaires.services import Saved

Answers = Sequence[tuple[str, Any, int]]


class SectionPage(ABC):
    """A section of somebody's answers as its app shows it: what differs from app to app.

    `address` is the page's own, `decide_address` takes the choice between two texts,
    `autosave_address` takes what is typed, as it is typed ("": nothing is taken any more).
    """

    request: SignedInRequest
    response: Response
    view: SectionView
    address: str
    decide_address: str
    autosave_address: str

    @abstractmethod
    def read(self) -> SectionView:
        """Return the section as it is now."""

    @abstractmethod
    def save(self, answers: Answers) -> Saved:
        """Call the app's service for (question key, value, version read)."""

    @abstractmethod
    def history_address(self, question_key: str) -> str:
        """Return where the history of an answer stands."""

    @abstractmethod
    def draw(self, part: str, context: dict[str, Any], status: int) -> HttpResponse:
        """Draw "section", "section_both" or "section_history" within the app's frame.

        `context` is for the template of the same name in templates/questionnaires/parts,
        which the app's own one includes.
        """


def opened(
    request: HttpRequest, response: Response, section_key: str, *, as_sent: bool
) -> SectionView:
    """Return the section that an address names; `as_sent`: no more of it than was sent.

    Raises Http404 where the version that is answered has no such section.
    """
    try:
        if as_sent:
            return section_as_sent(response, section_key, keys_sent(request.POST))
        return section_view(response, section_key)
    except Section.DoesNotExist as error:
        raise Http404 from error


def show_section(page: SectionPage) -> HttpResponse:
    """Show the section to be written, with what is still to be put right in it."""
    return _shown(page, build_form(page.view, {} if page.view.wrong else None), SHOWN)


def answer_section(
    request: HttpRequest,
    page: SectionPage,
    *,
    over: Callable[[], HttpResponse] | None,
    then: Callable[[], HttpResponse],
) -> HttpResponse:
    """Show a section and save it, with or without JavaScript; show both texts of a conflict.

    `over` answers who only reads, where the section takes no more answers; what somebody still
    typed then is refused by the app's service, and shown. All required answers are asked for, and
    `then` goes on.
    """
    if request.method == "GET":
        return over() if over else show_section(page)
    if "do" in request.POST:
        return decide_conflict(request, page)
    return save_section(request, page, complete=True, then=then)


def save_section(
    request: HttpRequest,
    page: SectionPage,
    *,
    complete: bool,
    then: Callable[[], HttpResponse],
) -> HttpResponse:
    """Save what the page sent, and go on with `then` when nothing is left to put right.

    `complete` asks for all required answers; what was typed is saved in any case. A refusal
    of the service or of `then` stands on the page, above all that was typed.
    """
    form = build_form(page.view, request.POST, complete=complete)
    form.is_valid()
    if put_back(request, saves_itself=True):
        return _shown(page, form, SHOWN, {"state": "put_back"})
    saved: Saved | None = None
    try:
        saved = page.save(form.sent())
        if saved.conflicts:
            return _both(request, page, ConflictForm(saved.conflicts), StaleError.status)
        # An answer may make the section ask for more.
        page.view = page.read()
        form = _form_after(request, page.view, saved, complete=complete)
        if not form.is_valid():
            return _shown(page, form, INVALID)
        accept(request)
        return then()
    except PortalError as error:
        refuse(form, error)
        refused = None if saved else {"state": "refused", "text": error.message}
        return _shown(page, form, error.status, refused)


def _form_after(
    request: HttpRequest, view: SectionView, saved: Saved, *, complete: bool
) -> SectionForm:
    """Return the form as it was sent, knowing the versions that were just made."""
    data = request.POST.copy()
    for answer in saved.answers:
        data[VERSION_PREFIX + answer.question.key] = str(answer.version)
    return build_form(view, data, complete=complete)


def _shown(
    page: SectionPage, form: SectionForm, status: int, state: dict[str, Any] | None = None
) -> HttpResponse:
    asked = {one.key for one in form.view.asked}
    # What an answer can bring up has its place, so that it appears there while one writes.
    rows = [
        (
            form[one.key] if one.key in asked else None,
            page.history_address(one.key) if one.key in asked and one.version else "",
            one.key if one.question.condition_question else "",
        )
        for one in form.view.questions
        if one.key in asked or one.question.condition_question
    ]
    context = {
        "form": form,
        "others": _others(page),
        "rows": rows,
        "versions": _versions(form),
        "action": page.address,
        "autosave": page.autosave_address,
        "save_state": state or _save_state(form, page.view.last_saved, page.response.created_at),
    }
    return page.draw("section", context, status)


def _others(page: SectionPage) -> list[Seen]:
    """Return who else is in the section, and note that its reader is."""
    person = page.request.user
    return enter(response_id=page.response.pk, section_key=page.view.key, person=person)


def _save_state(
    form: SectionForm, at: dt.datetime | None, begun_at: dt.datetime | None = None
) -> dict[str, Any]:
    """Return what components/save_state.html says of a form as it was saved.

    What was saved before the answers were begun stood elsewhere, and was taken over.
    """
    state = {"time": saved_at_words(at)}
    if form.not_kept:
        return state | {"state": "partly", "count": form.not_kept}
    if form.wrong:
        return state | {"state": "incomplete", "count": form.wrong}
    is_older = at is not None and begun_at is not None and at < begun_at
    return state | {"state": "taken_over" if is_older else "saved"}


def _versions(form: SectionForm, saved: Saved | None = None) -> list[tuple[str, int]]:
    """Return names and numbers of the hidden versions of a page.

    A number moves on only where the page shows what is stored. Where somebody else wrote
    and this writer did not, the old number stays, so that the old text cannot overwrite.
    """
    stored = {a.question.key: a.version for a in saved.answers} if saved else {}
    return [
        (hidden.html_name, stored.get(field.name, VersionField().clean(hidden.value())))
        for field, hidden in form.question_fields()
    ]


def save_while_typing(request: HttpRequest, page: SectionPage) -> JsonResponse:
    """Save what is written so far, for autosave.js (docs/frontend.md has the contract)."""
    form = build_form(page.view, request.POST)
    form.is_valid()
    try:
        saved = page.save(form.sent())
    except PortalError as error:
        return _told({"state": "refused", "text": error.message}, 410)
    names = {"versions": _versions(form, saved)}
    others = {"others": _others(page)}
    swap: dict[str, str] = {
        "answer-versions": render_to_string("questionnaires/section_versions.html", names),
        "also-here": render_to_string("questionnaires/presence.html", others),
    }
    if not saved.conflicts and page.view.has_conditions:
        swap |= _brought_up(request, page, form, saved)
    if saved.conflicts:
        other = saved.conflicts[0].answer
        state = {
            "state": "conflict",
            "name": str(other.saved_by or _("Somebody else")),
            "is_own": other.saved_by == request.user,
            "time": saved_at_words(other.saved_at),
        }
        return _told(state, 409, swap=swap)
    # Something that cannot be kept is still unsaved: the page goes on saying so.
    status = InvalidError.status if form.not_kept else SHOWN
    whole = build_form(page.view, request.POST, complete=True)
    right = [whole[one.key].auto_id for one in page.view.asked if one.key not in whole.errors]
    return _told(_save_state(form, now()), status, swap=swap, right=right)


def _brought_up(
    request: HttpRequest, page: SectionPage, form: SectionForm, saved: Saved
) -> dict[str, str]:
    """Return what the page shows anew: questions that answers bring up, or ask no longer.

    What the page holds already stays as it is, for somebody may be writing in it.
    """
    sent, now_asked = {one.key for one in form.view.asked}, page.read()
    fresh = build_form(now_asked)
    asked = {one.key: one for one in now_asked.asked}
    versions = [
        row
        for row, (field, _hidden) in zip(
            _versions(form, saved), form.question_fields(), strict=True
        )
        if field.name in asked
    ]
    swap = {}
    for one in now_asked.questions:
        if (one.key in asked) == (one.key in sent) or not one.question.condition_question:
            continue
        shown = {"field": fresh[one.key]} if one.key in asked else {}
        swap[f"asked-{one.key}"] = (
            render_to_string("components/field.html", shown, request) if shown else ""
        )
        if shown:
            versions.append((VERSION_PREFIX + one.key, one.version))
    if swap:
        swap["answer-versions"] = render_to_string(
            "questionnaires/section_versions.html", {"versions": versions}
        )
    return swap


def _told(state: dict[str, Any], status: int = SHOWN, **more: Any) -> JsonResponse:
    html = render_to_string("components/save_state.html", state)
    # Each answer has a version of its own; that of the form stays as it is.
    return JsonResponse({"version": 0, "html": html, **more}, status=status)


def decide_conflict(request: HttpRequest, page: SectionPage) -> HttpResponse:
    """Take one text, the other, or one made of both."""
    try:
        conflicts = sent_conflicts(page.view, request.POST)
    except PortalError as error:
        messages.error(request, error.message)
        conflicts = []
    if not conflicts:
        return redirect(page.address)
    form = ConflictForm(conflicts, request.POST)
    if request.POST.get("do") == USE_CHOICES:
        return _both(request, page, form, SHOWN)
    sent = save(request, form, lambda: page.save(form.decided()))
    if not sent.is_done:
        return _both(request, page, form, sent.status)
    if sent.result.conflicts:
        return _both(request, page, ConflictForm(sent.result.conflicts), StaleError.status)
    done = _("Saved. The other text stays in the history of the answer.")
    return finish(request, done, page.address)


def _both(request: HttpRequest, page: SectionPage, form: ConflictForm, status: int) -> HttpResponse:
    others = {c.answer.saved_by for c in form.conflicts}
    other = others.pop() if len(others) == 1 else None
    if other is None:
        heading = _("Two people changed this answer")
    elif other == request.user:
        heading = _("You changed this answer in two tabs")
    else:
        names = {"name": other.get_short_name()}
        heading = _("You and %(name)s both changed this answer") % names
    context = {
        "form": form,
        "page_title": heading,
        "page_lead": _("Nothing is lost. Choose what the answer should say."),
        "action": page.decide_address,
        "back_url": page.address,
    }
    return page.draw("section_both", context, status)


def show_history(page: SectionPage, question_key: str) -> HttpResponse:
    """Show every text an answer has had: who wrote it and when; 404 for another section's."""
    found = next((one for one in page.view.questions if one.key == question_key), None)
    if found is None:
        raise Http404
    context = {
        "question": found.question,
        "sittings": answer_sittings(page.response, question_key),
        "page_title": found.question.text,
        "page_lead": _(
            "What this answer has said, newest first. Copy from here what you want back."
        ),
        "back_url": page.address,
    }
    return page.draw("section_history", context, SHOWN)
