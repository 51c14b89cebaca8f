"""The city's pages of the first stage of a call: begin, write, check, send, withdraw."""

from functools import partial
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import SignedInRequest
from applications.forms.interests import SendForm, StartInterestForm
from applications.forms.sending import WithdrawForm
from applications.models import Interest
from applications.parts import parts_of
from applications.selectors import organisations_that_may_apply, visible_calls
from applications.selectors.interests import application_after, interest_tasks, people_of
from applications.services import (
    save_interest_section,
    send_interest,
    start_interest,
    withdraw_interest,
)
from applications.snapshots import interest_snapshot
from applications.views.pages import place_of, step_of
from core.kit import days
from core.kit.decorators import require_perm
from core.kit.saving import Sent, finish, posted, save
from core.kit.wanted import remember_wanted
from programme.organisations.rules import remember_role
from programme.organisations.selectors import role_of, why_unconfirmed
from questionnaires import pages
from questionnaires.selectors import SectionView, section_view
from questionnaires.services import Saved

NOT_SENT: Sent[Any] = Sent()


def own_interest(request: HttpRequest, pk: int) -> Interest:
    """Return an expression of interest of the person's organisations; 404 for others."""
    found: Any = (
        Interest.objects.filter(pk=pk, organisation__memberships__user=request.user.pk)
        .annotate(role_of_reader=role_of(request.user, "organisation"))
        .select_related("call__strand", "organisation__country", "response", "sent_by")
        .first()
    )
    if found is None:
        raise Http404
    remember_role(request.user, found.organisation, found.role_of_reader)
    return cast("Interest", found)


def _show(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    shown = context | {"nav_current": "applications:mine"}
    return render(request, f"interests/{template}", shown, status=status)


def _frame(interest: Interest, current: str = "") -> dict[str, Any]:
    """Return what every page of a draft shows around its form."""
    steps = [
        step_of(number, task, reverse(task.url_name, args=[interest.pk, task.key]))
        for number, task in enumerate(interest_tasks(interest), 1)
    ]
    return {
        "interest": interest,
        "call": interest.call,
        "organisation_name": interest.organisation.name,
        **place_of(steps, current),
        "done": sum(step.task.is_done for step in steps),
        "is_ready": all(step.task.is_done for step in steps),
        "unconfirmed": why_unconfirmed(interest.organisation),
        "is_closed": not interest.call.takes_interests(),
        "now": days.now(),
    }


def _moved_on(request: HttpRequest, interest: Interest) -> HttpResponse:
    messages.info(request, _("This is no longer a draft. You can read what was sent."))
    return redirect("applications:interest", interest.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def start(request: SignedInRequest, call_slug: str) -> HttpResponse:
    """Ask for which organisation, and begin."""
    call = get_object_or_404(visible_calls(), slug=call_slug)
    if not call.is_two_stage:
        return redirect("applications:start", call.slug)
    organisations = organisations_that_may_apply(request.user, call)
    form = StartInterestForm(organisations, posted(request))
    sent = save(
        request,
        form,
        lambda: start_interest(call=call, by=request.user, **form.cleaned_data),
    )
    if sent.is_done:
        return redirect("applications:interest", sent.result.pk)
    if not organisations:
        remember_wanted(request, reverse("applications:interest_start", args=[call.slug]))
    context = {"call": call, "form": form, "organisations": organisations}
    return _show(request, "start.html", context, sent.status)


@require_GET
@login_required
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the sections of a draft, or what was sent and what became of it."""
    interest = own_interest(request, pk)
    user = request.user
    rights = {
        "may_edit": user.has_perm("applications.edit_interest", interest),
        "may_withdraw": interest.can_be_withdrawn
        and user.has_perm("applications.withdraw_interest", interest),
    }
    if interest.is_draft:
        return _show(request, "task_list.html", _frame(interest) | rights)
    application = application_after(interest)
    context = {
        "interest": interest,
        "call": interest.call,
        "organisation_name": interest.organisation.name,
        "parts": parts_of(interest.snapshot) if interest.snapshot else None,
        "application": application,
        "is_first_stage": interest.call.takes_interests(),
        **rights,
    }
    context["may_withdraw"] = rights["may_withdraw"] and application is None
    return _show(request, "detail.html", context)


class _SectionPage(pages.SectionPage):
    """A section of an expression of interest."""

    def __init__(
        self, request: SignedInRequest, pk: int, section_key: str, *, as_sent: bool = False
    ) -> None:
        self.request = request
        self.interest = own_interest(request, pk)
        require_perm(request.user, "applications.edit_interest", self.interest)
        self.response = self.interest.response
        self.place = [self.interest.pk, section_key]
        self.view = pages.opened(request, self.response, section_key, as_sent=as_sent)
        address = reverse("applications:interest_section", args=self.place)
        self.address = self.decide_address = address
        is_open = self.interest.call.takes_interests()
        self.autosave_address = (
            reverse("applications:interest_section_save", args=self.place) if is_open else ""
        )

    def read(self) -> SectionView:
        return section_view(self.response, self.view.key)

    def save(self, answers: pages.Answers) -> Saved:
        by = self.request.user
        return save_interest_section(interest=self.interest, answers=answers, by=by)

    def history_address(self, question_key: str) -> str:
        return reverse("applications:interest_history", args=[*self.place, question_key])

    def draw(self, part: str, context: dict[str, Any], status: int) -> HttpResponse:
        around = _frame(self.interest, self.view.key) | {"view": self.view}
        return _show(self.request, f"{part}.html", around | context, status)

    def go_on(self) -> HttpResponse:
        messages.success(self.request, _("Saved."))
        next_url = _frame(self.interest, self.view.key)["next_url"]
        return redirect(next_url or reverse("applications:interest_check", args=[self.interest.pk]))


@require_http_methods(["GET", "POST"])
@login_required
def section(request: SignedInRequest, pk: int, section_key: str) -> HttpResponse:
    """Show a section; save it with or without JavaScript; show both texts of a conflict."""
    page = _SectionPage(request, pk, section_key)
    over = None if page.interest.is_draft else partial(_moved_on, request, page.interest)
    return pages.answer_section(request, page, over=over, then=page.go_on)


@require_POST
@login_required
def section_save(request: SignedInRequest, pk: int, section_key: str) -> JsonResponse:
    """Save what is written so far."""
    return pages.save_while_typing(request, _SectionPage(request, pk, section_key, as_sent=True))


@require_GET
@login_required
def answer_history(
    request: SignedInRequest, pk: int, section_key: str, question: str
) -> HttpResponse:
    """Show every text an answer has had: who wrote it and when."""
    return pages.show_history(_SectionPage(request, pk, section_key), question)


def _check_page(
    request: HttpRequest,
    interest: Interest,
    form: SendForm | None = None,
    sent: Sent[Any] = NOT_SENT,
) -> HttpResponse:
    snapshot = interest_snapshot(interest)
    if form is None:
        form = SendForm.of(snapshot)
    elif sent.stale:
        form.renew(snapshot)
    context = _frame(interest)
    may_edit = request.user.has_perm("applications.edit_interest", interest)
    context |= {
        "form": form,
        "parts": parts_of(snapshot),
        "may_send": request.user.has_perm("applications.send_interest", interest),
        "may_edit": may_edit,
        # Without steps the answers are read only: nothing offers to change them.
        "section_steps": {s.task.key: s for s in context["steps"]} if may_edit else {},
    }
    return _show(request, "check.html", context, sent.status)


@require_GET
@login_required
def check(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show everything that will be sent, with what is still missing."""
    interest = own_interest(request, pk)
    if not interest.is_draft:
        return _moved_on(request, interest)
    return _check_page(request, interest)


@require_POST
@login_required
def send(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send it; a second click lands on the same page."""
    interest = own_interest(request, pk)
    require_perm(request.user, "applications.send_interest", interest)
    form = SendForm(request.POST)
    sent = save(
        request,
        form,
        lambda: send_interest(interest=interest, by=request.user, shown=form.cleaned_data["shown"]),
    )
    if not sent.is_done:
        return _check_page(request, interest, form, sent)
    return redirect("applications:interest_sent", sent.result.pk)


@require_GET
@login_required
def receipt(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the receipt: reference, time, what happens next."""
    interest = own_interest(request, pk)
    if interest.sent_at is None:
        return redirect("applications:interest", interest.pk)
    context = {
        "interest": interest,
        "call": interest.call,
        "organisation_name": interest.organisation.name,
        "addresses": [person.email for person in people_of(interest)],
        "is_first_stage": interest.call.takes_interests(),
        "may_withdraw": interest.is_sent
        and request.user.has_perm("applications.withdraw_interest", interest),
    }
    return _show(request, "sent.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask once more, then withdraw."""
    interest = own_interest(request, pk)
    require_perm(request.user, "applications.withdraw_interest", interest)
    form = WithdrawForm(posted(request))
    sent = save(
        request,
        form,
        lambda: withdraw_interest(interest=interest, by=request.user, **form.cleaned_data),
    )
    if sent.is_done:
        done = _("The expression of interest is withdrawn. What you wrote is kept.")
        return finish(request, done, "applications:interest", interest.pk)
    if request.method != "POST" and not interest.can_be_withdrawn:
        return redirect("applications:interest", interest.pk)
    context = {
        "interest": interest,
        "form": form,
        "organisation_name": interest.organisation.name,
        "is_first_stage": interest.call.takes_interests(),
    }
    return _show(request, "withdraw.html", context, sent.status)
