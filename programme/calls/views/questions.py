"""Questions and answers about a call: the public page, and the queue of staff."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest
from core.kit.decorators import require_perm, staff_required
from core.kit.differences import differences, saved_first
from core.kit.paging import page_of
from core.kit.saving import INVALID, SHOWN, finish, posted, press, save
from programme.calls.forms.questions import (
    AnswerForm,
    AskForm,
    CloseForm,
    QuestionSearchForm,
    QueueForm,
)
from programme.calls.models import Call, CallQuestion
from programme.calls.selectors import (
    alike_questions,
    follows,
    found_questions,
    own_questions,
    public_questions,
    question_counts,
    readable_question,
    staff_questions,
    topics_of,
    with_said,
)
from programme.calls.services import (
    answer_question,
    ask_question,
    close_question,
    follow_answers,
    say_helped,
)
from programme.calls.states import CallPhase, QuestionStatus


@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what was asked and answered about a call; who is signed in asks here too."""
    call = get_object_or_404(Call.objects.published().select_related("strand"), slug=slug)
    if request.method == "POST":
        return _ask(cast("SignedInRequest", request), call)
    return _show(request, call, AskForm())


@login_required
def _ask(request: SignedInRequest, call: Call) -> HttpResponse:
    """Take a question, unless its writer has not seen yet that it was answered."""
    form = AskForm(posted(request))
    alike = alike_questions(call, form.cleaned_data["text"]) if form.is_valid() else []
    if form.is_valid() and not form.has_shown(alike):
        return _show(request, call, form, alike=alike, status=INVALID)
    sent = save(
        request,
        form,
        lambda: ask_question(call=call, text=form.cleaned_data["text"], by=request.user),
    )
    if not sent.is_done:
        return _show(request, call, form, alike=alike, status=sent.status)
    messages.success(
        request, _("Your question is sent. You get a mail when it is answered, for all to read.")
    )
    return redirect(f"{reverse('calls:questions', args=[call.slug])}#own-h")


def _show(
    request: HttpRequest,
    call: Call,
    form: AskForm,
    *,
    alike: list[CallQuestion] | None = None,
    status: int = SHOWN,
) -> HttpResponse:
    search = QuestionSearchForm(request.GET)
    wanted = search.cleaned_data if search.is_valid() else {"q": "", "topic": ""}
    topics = topics_of(call)
    user = request.user
    found = found_questions(public_questions(call), **wanted)
    if user.is_authenticated:
        found = with_said(found, user)
    context = {
        "call": call,
        "form": form,
        "follows": user.is_authenticated and follows(call, user),
        "search": search,
        "topic": wanted["topic"],
        "q": wanted["q"],
        "topics": topics,
        "total": sum(topic.count for topic in topics),
        "page": page_of(request, found),
        "own": own_questions(call, user) if user.is_authenticated else [],
        "alike": alike,
        "may_ask": call.phase() != CallPhase.CLOSED,
        "is_open": call.phase() == CallPhase.OPEN,
    }
    return render(request, "calls/questions.html", context, status=status)


@require_POST
@login_required
def follow(request: SignedInRequest, slug: str) -> HttpResponse:
    """Tell the person of new answers from now on, or no more."""
    call = get_object_or_404(Call.objects.published(), slug=slug)
    wants = request.POST.get("follow") == "yes"
    done = (
        _("You get a mail when there are new answers, once a day at most.")
        if wants
        else _("You are not told of new answers any more.")
    )
    press(request, lambda: follow_answers(call=call, follows=wants, by=request.user), done)
    return redirect("calls:questions", call.slug)


@require_POST
@login_required
def helped(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Keep whether an answer helped who reads it."""
    question = get_object_or_404(CallQuestion.objects.published(), pk=pk, call__slug=slug)
    says = request.POST.get("helped") == "yes"
    done = _("Thank you. The coordination unit sees how many said so, not who.")
    press(request, lambda: say_helped(question=question, helped=says, by=request.user), done)
    return redirect(f"{reverse('calls:questions', args=[slug])}#question-{pk}")


@require_safe
@login_required
def alike(request: SignedInRequest, slug: str) -> HttpResponse:
    """Return the answers that say much of what is being typed; nothing is stored."""
    call = get_object_or_404(Call.objects.published(), slug=slug)
    form = AskForm(request.GET)
    found = alike_questions(call, form.cleaned_data["text"]) if form.is_valid() else []
    return render(request, "calls/alike_questions.html", {"call": call, "alike": found})


@require_safe
@staff_required
def staff_list(request: SignedInRequest) -> HttpResponse:
    """List questions of all calls in one state: first what waits, the longest first."""
    require_perm(request.user, "calls.view_questions")
    status = QueueForm(request.GET).chosen
    counts = question_counts()
    context = {
        "page": page_of(request, staff_questions(status)),
        "status": status,
        "tabs": [(one.value, one.label, counts.get(one.value, 0)) for one in QuestionStatus],
    }
    return render(request, "calls/staff_questions.html", context)


def _question(pk: int) -> CallQuestion:
    question = readable_question(pk)
    if question is None:
        raise Http404
    return question


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def staff_question(request: SignedInRequest, pk: int) -> HttpResponse:
    """Answer a question for everybody, or change its answer."""
    require_perm(request.user, "calls.view_questions")
    question = _question(pk)
    if request.method == "POST":
        require_perm(request.user, "calls.answer_questions")
    form = AnswerForm(posted(request), question=question)
    sent = save(
        request,
        form,
        lambda: answer_question(question=question, by=request.user, **form.values()),
    )
    if sent.is_done:
        done = _("The answer is public. Those who write are told once a day.")
        return finish(request, done, "calls:staff_questions")
    context = {
        "question": question,
        "call": question.call,
        "form": form,
        "former": question.former.all(),
        "alike": [
            row for row in alike_questions(question.call, question.asked) if row.pk != question.pk
        ],
        "saved_first": saved_first(
            sent,
            by=lambda now: now.dealt_by,
            rows=lambda now: differences(form, AnswerForm(question=now)),
        ),
        # What was typed for a question that was closed meanwhile stays to be copied.
        "has_form": request.user.has_perm("calls.answer_questions")
        and (question.status != QuestionStatus.CLOSED or form.is_bound),
        "nav_current": "calls:staff_questions",
    }
    return render(request, "calls/staff_question.html", context, status=sent.status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def staff_close(request: SignedInRequest, pk: int) -> HttpResponse:
    """Close a question without an answer of its own, with a word to who asked."""
    require_perm(request.user, "calls.answer_questions")
    question = _question(pk)
    form = CloseForm(posted(request), question=question)
    sent = save(
        request,
        form,
        lambda: close_question(question=question, by=request.user, **form.cleaned_data),
    )
    if sent.is_done:
        done = _("The question is closed. Who asked it is told.")
        return finish(request, done, "calls:staff_questions")
    context = {
        "question": question,
        "call": question.call,
        "form": form,
        "nav_current": "calls:staff_questions",
    }
    return render(request, "calls/staff_question_close.html", context, status=sent.status)
