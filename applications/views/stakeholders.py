"""The pages of the stakeholder partnership: who works on it, who backs it, and their letters."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import SignedInRequest
from applications import services
from applications.forms.signing import SignedLetterForm
from applications.forms.stakeholders import StakeholderForm
from applications.models import Application, SupportLetter
from applications.selectors import stakeholders_of
from applications.services.stakeholders import MOST_STAKEHOLDERS
from applications.views.pages import (
    back_to,
    draft_view,
    form_page,
    frame,
    go_on,
    hand_out,
    invited_words,
    left_behind,
    show,
    stakeholder_of,
)
from core.kit.focus import row_in_hand
from core.kit.keys import accept
from core.kit.saving import posted, press

STEP = "stakeholders_list"


def _back(application: Application, before: list[int]) -> HttpResponse:
    """Lead to the one that came, beside the one that went, or to the form that adds one."""
    after = list(application.stakeholders.values_list("pk", flat=True))
    row = row_in_hand(before, after)
    return back_to(application, "stakeholders", f"s{row}" if row else "id_kind")


@require_http_methods(["GET", "POST"])
@draft_view
def stakeholders(request: SignedInRequest, application: Application) -> HttpResponse:
    """Show who stands in the partnership, and add one; with "invite", ask it for its letter."""
    goes_on = "go_on" in request.POST
    if goes_on and not StakeholderForm.is_typed(request.POST):
        accept(request)
        return go_on(application, STEP)
    rows = stakeholders_of(application)
    form = StakeholderForm(posted(request), initial={"version": application.version})
    add = services.add_and_ask if "invite" in request.POST else services.add_stakeholder
    return form_page(
        request,
        application,
        form,
        template="stakeholders.html",
        step=STEP,
        service=lambda: add(application=application, by=request.user, **form.values()),
        then=lambda: (
            go_on(application, STEP) if goes_on else _back(application, [one.pk for one in rows])
        ),
        done=lambda: invited_words(form) if "invite" in request.POST else "",
        stakeholders=rows,
        is_full=len(rows) >= MOST_STAKEHOLDERS,
        **left_behind(application),
    )


@require_http_methods(["GET", "POST"])
@draft_view
def stakeholder_edit(request: SignedInRequest, application: Application, pk: int) -> HttpResponse:
    """Change what is said of a stakeholder."""
    stakeholder = stakeholder_of(application, pk)
    form = StakeholderForm(posted(request), initial=StakeholderForm.initial_of(stakeholder))
    return form_page(
        request,
        application,
        form,
        template="stakeholder.html",
        step=STEP,
        service=lambda: services.edit_stakeholder(
            stakeholder=stakeholder,
            by=request.user,
            read_version=form.read_version,
            forget=form.forgets,
            **form.values(),
        ),
        then=lambda: back_to(application, "stakeholders", f"s{stakeholder.pk}"),
        stakeholder=stakeholder,
    )


@require_http_methods(["GET", "POST"])
@draft_view
def stakeholder_remove(request: SignedInRequest, application: Application, pk: int) -> HttpResponse:
    """Ask once more, then take the stakeholder out."""
    stakeholder = stakeholder_of(application, pk)
    if request.method == "POST":
        before = [one.pk for one in stakeholders_of(application)]
        done = _("%(name)s is removed.") % {"name": stakeholder.name}
        press(
            request,
            lambda: services.remove_stakeholder(stakeholder=stakeholder, by=request.user),
            done,
        )
        return _back(application, before)
    context = frame(application, STEP) | {"stakeholder": stakeholder}
    return show(request, "stakeholder_remove.html", context)


@require_http_methods(["GET", "POST"])
@draft_view
def letter_add(request: SignedInRequest, application: Application, pk: int) -> HttpResponse:
    """Upload the signed letter of a stakeholder."""
    stakeholder = stakeholder_of(application, pk)
    form = SignedLetterForm(posted(request), request.FILES, by=request.user)
    form.keep()
    return form_page(
        request,
        application,
        form,
        template="signed_letter.html",
        step=STEP,
        heading=_("Letter of %(name)s") % {"name": stakeholder.name},
        lead=_(
            "A letter on the organisation's own paper, signed by somebody who may speak for it. It "
            "says what the organisation does with you."
        ),
        back_url=reverse("applications:stakeholders", args=[application.key]),
        service=lambda: services.add_letter(
            stakeholder=stakeholder,
            upload=form.cleaned_data["file"],
            signed_by_name=form.cleaned_data["signed_by_name"],
            signed_by_office=form.cleaned_data["signed_by_office"],
            signed_on=form.cleaned_data["signed_on"],
            by=request.user,
        ),
        then=lambda: back_to(application, "stakeholders", f"s{stakeholder.pk}"),
    )


@require_GET
@login_required
def letter_file(request: SignedInRequest, key: str, pk: int) -> HttpResponseBase:
    """Hand out the letter of a stakeholder to who may see the application."""
    letters = SupportLetter.objects.filter(
        stakeholder__application__in=Application.objects.visible_to(request.user)
    ).select_related("stakeholder__application", "file")
    return hand_out(request, key, get_object_or_404(letters, stakeholder=pk))
