"""Questions of staff on single answers: the pages of both sides."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import SignedInRequest
from applications import services
from applications.forms.clarifications import (
    AnswerForm,
    AskForm,
    LaterForm,
    MessageForm,
    TakeBackForm,
)
from applications.models import Application, Clarification
from applications.parts import parts_of
from applications.selectors import clarifications_of, submission_of
from applications.states import ClarificationAnswer
from applications.views.pages import own_application, sent_application, show
from core.files.serving import serve, serve_inside
from core.kit.decorators import require_perm, staff_required
from core.kit.saving import SHOWN, finish, posted, save
from core.threads.selectors import messages_of

EXPLAIN = {"kind": ClarificationAnswer.EXPLAIN}


def _clarification(application: Application, pk: int) -> Clarification:
    rows = application.clarifications.select_related(
        "submission", "thread", "asked_by", "answered_by", "file"
    )
    found = get_object_or_404(rows, pk=pk)
    found.application = application
    return found


def _context(request: HttpRequest, clarification: Clarification) -> dict[str, Any]:
    application = clarification.application
    return {
        "application": application,
        "clarification": clarification,
        "messages_written": messages_of(clarification.thread),
        "others": [one for one in clarifications_of(application) if one != clarification],
        "may_answer": request.user.has_perm("applications.answer_clarification", application),
        "may_ask": request.user.has_perm("applications.ask_clarification", application),
    }


# the city ---------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@login_required
def clarification(request: SignedInRequest, key: str, pk: int) -> HttpResponse:
    """Show a question with what was sent; take the answer of who writes for the city."""
    found = _clarification(own_application(request, key), pk)
    if request.method == "POST":
        require_perm(request.user, "applications.answer_clarification", found.application)
    form = AnswerForm(posted(request), request.FILES, by=request.user, initial=EXPLAIN)
    form.keep()
    sent = save(
        request,
        form,
        lambda: services.answer_clarification(
            clarification=found,
            kind=form.cleaned_data["kind"],
            answer=form.cleaned_data["answer"],
            upload=form.cleaned_data["file"],
            by=request.user,
        ),
    )
    if sent.is_done:
        done = _("Your answer is sent. It stands beside what you sent before.")
        return finish(request, done, "applications:clarification", key, pk)
    return _city_page(request, found, sent.status, form=form)


def _city_page(
    request: SignedInRequest, found: Clarification, status: int = SHOWN, **forms: Any
) -> HttpResponse:
    context = {
        "form": AnswerForm(by=request.user, initial=EXPLAIN),
        "message_form": MessageForm(auto_id="id_message_%s"),
        **_context(request, found),
        **forms,
        "organisation_name": found.application.organisation.name,
        "nav_current": "applications:mine",
    }
    return show(request, "clarification.html", context, status)


@require_POST
@login_required
def ask_back(request: SignedInRequest, key: str, pk: int) -> HttpResponse:
    """Take a message of the city to who asked; it counts as no answer."""
    found = _clarification(own_application(request, key), pk)
    require_perm(request.user, "applications.answer_clarification", found.application)
    form = MessageForm(request.POST, auto_id="id_message_%s")
    sent = save(
        request,
        form,
        lambda: services.write_on_clarification(
            clarification=found, by=request.user, **form.cleaned_data
        ),
    )
    if sent.is_done:
        done = _("Your message is sent. It does not count as your answer.")
        return finish(request, done, "applications:clarification", key, pk)
    return _city_page(request, found, sent.status, message_form=form, has_message=True)


@require_GET
@login_required
def answer_file(request: SignedInRequest, key: str, pk: int) -> HttpResponseBase:
    """Hand out what was sent along with an answer to who may see the application."""
    rows = Clarification.objects.filter(
        application__in=Application.objects.visible_to(request.user), file__isnull=False
    ).select_related("application", "file")
    found = get_object_or_404(rows, pk=pk)
    if found.file is None or key != found.application.key:
        raise Http404
    return serve(found.file) if "signed" in request.GET else serve_inside(found.file)


# staff ------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@staff_required
def staff_ask(request: SignedInRequest, reference: str) -> HttpResponse:
    """Ask the applicant about one answer of what it has sent."""
    application = sent_application(request, reference)
    require_perm(request.user, "applications.ask_clarification", application)
    submission = submission_of(application)
    parts = parts_of(submission.snapshot) if submission else []
    form = AskForm(parts, posted(request), initial={"row": request.GET.get("row", "")})
    sent = save(
        request,
        form,
        lambda: services.ask_clarification(
            application=application, by=request.user, **form.cleaned_data
        ),
    )
    if sent.is_done:
        done = _("The question is sent. The applicant answers it in place and gets a reminder.")
        return finish(request, done, "applications:staff_clarification", reference, sent.result.pk)
    context = {
        "application": application,
        "form": form,
        "nav_current": "applications:staff_list",
    }
    return render(request, "applications/staff/ask.html", context, status=sent.status)


def _staff_page(
    request: HttpRequest, found: Clarification, status: int = SHOWN, **forms: Any
) -> HttpResponse:
    context = {
        "message_form": MessageForm(auto_id="id_message_%s"),
        "later_form": LaterForm(auto_id="id_later_%s"),
        "take_back_form": TakeBackForm(auto_id="id_back_%s"),
        **_context(request, found),
        **forms,
        "nav_current": "applications:staff_list",
    }
    return render(request, "applications/staff/clarification.html", context, status=status)


@require_GET
@staff_required
def staff_clarification(request: SignedInRequest, reference: str, pk: int) -> HttpResponse:
    """Show a question, what the city said, and the thread."""
    return _staff_page(request, _clarification(sent_application(request, reference), pk))


def _own(request: SignedInRequest, reference: str, pk: int) -> Clarification:
    """Return a question that the person of staff may act on; 404 or 403 otherwise."""
    application = sent_application(request, reference)
    require_perm(request.user, "applications.ask_clarification", application)
    return _clarification(application, pk)


def _staff_step(
    request: SignedInRequest,
    found: Clarification,
    form: Form,
    step: Callable[..., Any],
    *,
    shown_as: str,
    done: str,
) -> HttpResponse:
    """Take a step on a question by its service; a refusal stands at its form on the page."""
    sent = save(
        request,
        form,
        lambda: step(clarification=found, by=request.user, **form.cleaned_data),
    )
    if not sent.is_done:
        return _staff_page(request, found, sent.status, **{shown_as: form}, form=form)
    reference = found.application.reference
    return finish(request, done, "applications:staff_clarification", reference, found.pk)


@require_POST
@staff_required
def staff_message(request: SignedInRequest, reference: str, pk: int) -> HttpResponse:
    """Take a message of staff to the city."""
    found = _own(request, reference, pk)
    form = MessageForm(request.POST, auto_id="id_message_%s")
    done = _("The message is sent. The applicant gets it by mail.")
    step = services.write_on_clarification
    return _staff_step(request, found, form, step, shown_as="message_form", done=done)


@require_POST
@staff_required
def staff_later(request: SignedInRequest, reference: str, pk: int) -> HttpResponse:
    """Set a later date for the answer."""
    found = _own(request, reference, pk)
    form = LaterForm(request.POST, auto_id="id_later_%s")
    done = _("The later date is set. The applicant has been told.")
    step = services.extend_clarification
    return _staff_step(request, found, form, step, shown_as="later_form", done=done)


@require_POST
@staff_required
def staff_take_back(request: SignedInRequest, reference: str, pk: int) -> HttpResponse:
    """Take the question back, with the reason."""
    found = _own(request, reference, pk)
    form = TakeBackForm(request.POST, auto_id="id_back_%s")
    done = _("The question is taken back. The applicant has been told.")
    step = services.withdraw_clarification
    return _staff_step(request, found, form, step, shown_as="take_back_form", done=done)
