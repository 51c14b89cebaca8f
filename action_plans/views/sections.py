"""Writing and reading a part of a plan."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import SignedInRequest
from action_plans.models import Plan
from action_plans.selectors import overview
from action_plans.services import (
    mark_section_done,
    reopen_plan_section,
    save_section_answers,
)
from action_plans.views.common import (
    may_write,
    own_plan_or_403,
    plan_context,
    plan_or_404,
)
from core.kit.saving import finish, press
from questionnaires import pages
from questionnaires.forms.section import keys_sent
from questionnaires.models import Section
from questionnaires.selectors import SectionView, section_as_sent
from questionnaires.services import Saved


class _SectionPage(pages.SectionPage):
    """A part of a plan."""

    def __init__(
        self, request: SignedInRequest, plan: Plan, key: str, *, as_sent: bool = False
    ) -> None:
        self.request, self.plan, self.key = request, plan, key
        self.response = plan.response
        try:
            self.view = self.as_sent() if as_sent else self.read()
        except (KeyError, Section.DoesNotExist) as error:
            raise Http404 from error
        at = partial(reverse, args=[plan.reference, key])
        self.address = at("action_plans:section")
        self.decide_address = at("action_plans:section_conflict")
        self.autosave_address = at("action_plans:section_save") if self.may_write else ""

    @property
    def may_write(self) -> bool:
        return may_write(self.request, self.plan) and not self.view.mark

    @property
    def list_address(self) -> str:
        """Where the list stands that the part is about, if it is about one."""
        shown = self.view.section.shows
        return reverse(f"action_plans:{shown}", args=[self.plan.reference]) if shown else ""

    def read(self) -> SectionView:
        self.overview = overview(self.plan)
        self.before, view, self.after = self.overview.around(self.key)
        return view

    def as_sent(self) -> SectionView:
        return section_as_sent(self.response, self.key, keys_sent(self.request.POST))

    def save(self, answers: pages.Answers) -> Saved:
        return save_section_answers(
            plan=self.plan, section_key=self.key, answers=answers, by=self.request.user
        )

    def history_address(self, question_key: str) -> str:
        arguments = [self.plan.reference, self.key, question_key]
        return reverse("action_plans:answer_history", args=arguments)

    def draw(self, part: str, context: dict[str, Any], status: int) -> HttpResponse:
        around = plan_context(
            self.request,
            self.plan,
            overview=self.overview,
            view=self.view,
            before=self.before,
            after=self.after,
            list_url=self.list_address,
        )
        template = f"action_plans/{part}.html"
        return render(self.request, template, around | context, status=status)

    def stay(self) -> HttpResponse:
        """Go on writing."""
        done = _("Saved. Mark the part as complete when it is.")
        return finish(self.request, done, self.address)

    def mark(self) -> HttpResponse:
        """Mark the part as complete and open the next one."""
        mark_section_done(plan=self.plan, section_key=self.key, by=self.request.user)
        done = _("The part is complete. Open it again to change it.")
        if self.after is None:
            return finish(self.request, done, "action_plans:plan", self.plan.reference)
        return finish(
            self.request, done, "action_plans:section", self.plan.reference, self.after.key
        )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def section(request: SignedInRequest, reference: str, key: str) -> HttpResponse:
    """Show a part; its authors write it here, with or without JavaScript."""
    page = _SectionPage(request, plan_or_404(request, reference), key)
    if request.method == "POST":
        own_plan_or_403(request, reference)
        if request.POST.get("do") == "done":
            return pages.save_section(request, page, complete=True, then=page.mark)
        return pages.save_section(request, page, complete=False, then=page.stay)
    return pages.show_section(page) if page.may_write else page.draw("section", {}, 200)


@require_POST
@login_required
def section_reopen(request: SignedInRequest, reference: str, key: str) -> HttpResponse:
    """Open a complete part again."""
    page = _SectionPage(request, own_plan_or_403(request, reference), key)
    press(
        request,
        lambda: reopen_plan_section(plan=page.plan, section_key=key, by=request.user),
        _("The part is open again. Change it, then mark it as complete."),
    )
    return redirect(page.address)


@require_POST
@login_required
def section_save(request: SignedInRequest, reference: str, key: str) -> JsonResponse:
    """Save what is typed, while it is typed."""
    plan = own_plan_or_403(request, reference, bare=True)
    page = _SectionPage(request, plan, key, as_sent=True)
    return pages.save_while_typing(request, page)


@require_POST
@login_required
def section_conflict(request: SignedInRequest, reference: str, key: str) -> HttpResponse:
    """Take one text, the other, or one made of both."""
    page = _SectionPage(request, own_plan_or_403(request, reference), key)
    return pages.decide_conflict(request, page)


@require_GET
@login_required
def answer_history(
    request: SignedInRequest, reference: str, key: str, question: str
) -> HttpResponse:
    """Show every text an answer has had: who wrote it and when."""
    page = _SectionPage(request, plan_or_404(request, reference), key)
    return pages.show_history(page, question)
