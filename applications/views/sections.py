"""The call's own questions: a section at a time, saved as it is written."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import SignedInRequest
from applications.services import save_section
from applications.views.pages import editable, frame, go_on, moved_on, show
from programme.calls.selectors import phase_for
from programme.calls.states import CallPhase
from questionnaires import pages
from questionnaires.selectors import SectionView, section_view
from questionnaires.services import Saved


class _SectionPage(pages.SectionPage):
    """A section of an application."""

    def __init__(
        self, request: SignedInRequest, key: str, section_key: str, *, as_sent: bool = False
    ) -> None:
        self.request = request
        self.application = editable(request, key)
        if self.application.response is None:
            raise Http404
        self.response = self.application.response
        self.place = [self.application.key, section_key]
        self.view = pages.opened(request, self.response, section_key, as_sent=as_sent)
        self.address = self.decide_address = reverse("applications:section", args=self.place)
        phase = phase_for(self.application.call, self.application.organisation)
        is_open = phase == CallPhase.OPEN
        self.autosave_address = (
            reverse("applications:section_save", args=self.place) if is_open else ""
        )

    def read(self) -> SectionView:
        return section_view(self.response, self.view.key)

    def save(self, answers: pages.Answers) -> Saved:
        return save_section(application=self.application, answers=answers, by=self.request.user)

    def history_address(self, question_key: str) -> str:
        return reverse("applications:answer_history", args=[*self.place, question_key])

    def draw(self, part: str, context: dict[str, Any], status: int) -> HttpResponse:
        around = frame(self.application, self.view.key) | {"view": self.view}
        return show(self.request, f"{part}.html", around | context, status)

    def go_on(self) -> HttpResponse:
        messages.success(self.request, _("Saved."))
        return go_on(self.application, self.view.key)


@require_http_methods(["GET", "POST"])
@login_required
def section(request: SignedInRequest, key: str, section_key: str) -> HttpResponse:
    """Show a section; save it with or without JavaScript; show both texts of a conflict."""
    page = _SectionPage(request, key, section_key)
    over = None if page.application.is_draft else partial(moved_on, request, page.application)
    return pages.answer_section(request, page, over=over, then=page.go_on)


@require_POST
@login_required
def section_save(request: SignedInRequest, key: str, section_key: str) -> JsonResponse:
    """Save what is written so far."""
    page = _SectionPage(request, key, section_key, as_sent=True)
    return pages.save_while_typing(request, page)


@require_GET
@login_required
def answer_history(
    request: SignedInRequest, key: str, section_key: str, question: str
) -> HttpResponse:
    """Show every text an answer has had: who wrote it and when."""
    return pages.show_history(_SectionPage(request, key, section_key), question)
