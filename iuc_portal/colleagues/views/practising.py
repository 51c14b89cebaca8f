"""Practising: the very pages of the console, on made-up cases that are never there."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.base import BaseStorage
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import Resolver404, get_script_prefix, resolve, reverse, set_script_prefix
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest
from accounts.states import StaffRole
from core.jobs.models import Job
from core.jobs.services import run_job
from core.jobs.states import UNFINISHED
from core.kit.decorators import require_perm, staff_required
from core.kit.errors import PortalError
from core.kit.people import forget
from core.kit.saving import press
from core.kit.unmade import unmade
from iuc_portal.colleagues.models import Practice
from iuc_portal.colleagues.practice_hints import BY_REFERENCE, CASES, Done, hint_after
from iuc_portal.colleagues.selectors import practised
from iuc_portal.colleagues.services import (
    begin_practice,
    end_practice,
    leave_practice,
    read_in_practice,
)
from iuc_portal.colleagues.services.kept_rows import gathered, keep_apart, put_back
from iuc_portal.colleagues.services.practice_cases import make_cases, slug_of

HOME = "colleagues:practice"
_FILES = staticfiles_storage
NAV = {"nav_current": HOME}
# The pages that can be practised on. All others lead back to the home of the practice.
_CHECKING = (
    *("staff_list", "staff_detail", "staff_rule", "staff_to_check", "staff_check", "staff_judge"),
    *("staff_decide_eligibility", "staff_commitment", "staff_assign", "staff_ask"),
    *("staff_clarification", "staff_message", "staff_later", "staff_take_back"),
)
_CASEWORK = ("owner", "take", "notes", "note", "note_remove", "application_tags")
_ASSESSMENT = (
    *("ranking", "from_line", "prepare_several", "letters", "release", "release_page", "prepare"),
    *("letter_edit", "letter_usual", "letter_hold", "mine", "score", "score_save", "hand_in"),
    *("overall_save", "abstain", "consensus", "agree", "reopen", "plan", "reserve"),
)
PAGES = frozenset(
    f"{room}:{name}"
    for room, names in (
        ("applications", _CHECKING),
        ("casework", _CASEWORK),
        ("assessment", _ASSESSMENT),
    )
    for name in names
)
# Their lists hold the call of the practice alone.
_QUEUES = ("applications:staff_to_check", "applications:staff_check", "applications:staff_judge")


@require_safe
@staff_required
def home(request: SignedInRequest) -> HttpResponse:
    """Say what practising is, and lead to the cases."""
    require_perm(request.user, "colleagues.practise")
    practice = Practice.objects.filter(person=request.user.pk).first()
    context = NAV | {"practice": practice, "cases": CASES, "slug": slug_of(request.user)}
    return render(request, "colleagues/practice.html", context | _ways(request))


@require_safe
@staff_required
def colleagues(request: SignedInRequest) -> HttpResponse:
    """List which colleague has done which of their made-up cases."""
    require_perm(request.user, "colleagues.view_practised")
    context = NAV | {"practised": practised(), "number": len(CASES)}
    return render(request, "colleagues/practised.html", context)


def _prefix() -> str:
    """Return what stands before the address of a page of the console while one practises."""
    return reverse("colleagues:practice_desk", args=["x"]).removesuffix("x")


def _ways(request: SignedInRequest) -> dict[str, Any]:
    """Return the addresses of the pages of the practice that its home leads to."""
    slug = slug_of(request.user)
    desk = _prefix()
    found = {
        "list_url": f"{reverse('applications:staff_list')}?call={slug}",
        "check_url": f"{reverse('applications:staff_to_check')}?from=call%3D{slug}",
        "ranking_url": reverse("assessment:ranking", args=[slug]),
        "letters_url": reverse("assessment:letters", args=[slug]),
        "mine_url": reverse("assessment:mine"),
    }
    return {name: desk + url.lstrip("/") for name, url in found.items()}


@require_POST
@staff_required
def begin(request: SignedInRequest) -> HttpResponse:
    """Begin, or begin afresh."""
    press(request, lambda: begin_practice(user=request.user), _("The cases are as they came in."))
    return redirect(HOME)


@require_POST
@staff_required
def end(request: SignedInRequest) -> HttpResponse:
    """Take the cases away."""
    press(request, lambda: end_practice(user=request.user), _("The cases are gone."))
    return redirect(HOME)


@require_POST
@staff_required
def read(request: SignedInRequest) -> HttpResponse:
    """Read as an assessor for a while, or no more."""
    is_reading = request.POST.get("reading") == "1"
    press(request, lambda: read_in_practice(is_reading=is_reading, user=request.user))
    return redirect(HOME)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def desk(request: SignedInRequest, page: str) -> HttpResponseBase:
    """Draw a page of the console on the made-up cases, or do there what its form says."""
    require_perm(request.user, "colleagues.practise")
    practice = Practice.objects.filter(person=request.user.pk).first()
    found = _found(request, page)
    if practice is None or found is None:
        messages.info(request, _("This page is no part of the practice."))
        return redirect(HOME)
    if request.method != "POST":
        _say_it_is_practice(request)
    answer, hint, kept = _within(request, practice, found)
    if kept is not None:
        try:
            leave_practice(practice=practice, rows=kept[0], roots=kept[1], user=request.user)
        except PortalError as error:
            messages.error(request, error.message)
            return redirect(HOME)
    if hint:
        messages.info(request, hint)
    return answer


def _say_it_is_practice(request: SignedInRequest) -> None:
    """Say it once, also where a page leads on to the next."""
    words = _("You practise on made-up cases: no mail leaves, nothing counts.")
    waiting = messages.get_messages(request)
    is_said = words in [one.message for one in waiting]
    if isinstance(waiting, BaseStorage):
        # They are looked at here, and shown on the page.
        waiting.used = False
    if not is_said:
        messages.info(request, words)


def _found(request: SignedInRequest, page: str) -> Any:
    """Return the view that draws the page, where it can be practised on and is about a case."""
    try:
        found = resolve(f"/{page}")
    except Resolver404 as error:
        raise Http404 from error
    if found.view_name not in PAGES:
        return None
    is_own_call = found.kwargs.get("slug", slug_of(request.user)) == slug_of(request.user)
    is_a_case = found.kwargs.get("reference", CASES[0].reference) in BY_REFERENCE
    return found if is_own_call and is_a_case else None


def _within(
    request: SignedInRequest, practice: Practice, found: Any
) -> tuple[HttpResponseBase, str, tuple[list[dict[str, Any]], list[Any]] | None]:
    """Draw the page in a transaction that never holds; gather what a form has changed."""
    kept, hint = None, ""
    with unmade(), _mounted(), _as_reader(request, practice):
        keep_apart()
        roots = practice.roots or make_cases(request.user)
        put_back(practice.rows)
        _narrow(request, found)
        before = set(_own_jobs(request).values_list("pk", flat=True))
        answer: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
        is_new = not practice.roots
        is_sent = request.method == "POST" and answer.status_code < 400  # noqa: PLR2004
        if is_sent:
            for job in _own_jobs(request).exclude(pk__in=before):
                run_job(pk=job.pk)
        if is_sent or is_new:
            kept = gathered(roots), roots
        if is_sent and answer.status_code == 302:  # noqa: PLR2004 - it was done
            hint = hint_after(_done(request, found))
    return answer, hint, kept


def _own_jobs(request: SignedInRequest) -> Any:
    return Job.objects.filter(by=request.user.pk, state__in=UNFINISHED)


def _done(request: SignedInRequest, found: Any) -> Done:
    item = request.POST.get("item") or request.POST.get("criterion") or "check"
    return Done(found.view_name, found.kwargs.get("reference", ""), item)


def _narrow(request: SignedInRequest, found: Any) -> None:
    """Let lists and queues hold the call of the practice alone."""
    # What was sent is a request's own to change only here.
    changed, slug = cast("Any", request), slug_of(request.user)
    if found.view_name == "applications:staff_list":
        changed.GET = _with(request.GET, "call", slug)
    elif found.view_name in _QUEUES:
        changed.GET = _with(request.GET, "from", f"call={slug}")
        if request.method == "POST":
            changed.POST = _with(request.POST, "from", f"call={slug}")


def _with(sent: QueryDict, name: str, value: str) -> QueryDict:
    changed = sent.copy()
    changed[name] = value
    return changed


@contextmanager
def _mounted() -> Iterator[None]:
    """Let every address that a page names lead to the page of the practice."""
    # Kept for good at the first asking, which is not to be under the address of the practice.
    for holder, name in ((settings, "STATIC_URL"), (settings, "MEDIA_URL"), (_FILES, "base_url")):
        getattr(holder, name)
    before = get_script_prefix()
    set_script_prefix(_prefix())
    try:
        yield
    finally:
        set_script_prefix(before)


@contextmanager
def _as_reader(request: SignedInRequest, practice: Practice) -> Iterator[None]:
    """Let the person be an assessor within, where they practise that."""
    role = request.user.staff_role
    if practice.is_reading:
        request.user.staff_role = StaffRole.ASSESSOR
    try:
        forget(request.user)
        yield
    finally:
        request.user.staff_role = role
        forget(request.user)
