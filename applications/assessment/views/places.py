"""A place is given up, by its city or by staff for it; the reserve list moves up."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import SignedInRequest
from applications.assessment.forms.outcomes import LetterReasonForm
from applications.assessment.forms.places import GiveUpForm, LeaveEmptyForm, ReopenPlaceForm
from applications.assessment.models import FreePlace
from applications.assessment.selectors.outcomes import paragraphs_for
from applications.assessment.selectors.places import (
    Reserve,
    next_of,
    places_of,
    reached_among,
    reserve_list,
)
from applications.assessment.services import (
    fill_place,
    give_up_place,
    leave_empty,
    reopen_place,
)
from applications.assessment.services.places import what_holds
from applications.assessment.states import PendingOutcome
from applications.assessment.views.letters import back_to_letter
from applications.assessment.views.outcomes import NAV, call_or_404
from applications.models import Application
from applications.states import ApplicationStatus
from applications.views.pages import own_application, sent_application
from core.kit.decorators import require_perm, staff_required
from core.kit.paging import page_of
from core.kit.saving import finish, posted, save


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def give_up(request: SignedInRequest, key: str) -> HttpResponse:
    """Let a lead of an accepted city ask once more, then give its place up."""
    application = own_application(request, key)
    require_perm(request.user, "applications.give_up_place", application)
    context = {"nav_current": "applications:mine"}
    return _give_up(request, application, "applications:detail", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def give_up_for(request: SignedInRequest, reference: str) -> HttpResponse:
    """Write down for a city that it gives its place up."""
    application = sent_application(request, reference)
    require_perm(request.user, "applications.give_up_place", application)
    context = {"nav_current": "applications:staff_list", "for_staff": True}
    return _give_up(request, application, "applications:staff_detail", context)


def _give_up(
    request: SignedInRequest, application: Application, back: str, context: dict[str, Any]
) -> HttpResponse:
    if request.method != "POST" and application.status != ApplicationStatus.ACCEPTED:
        return redirect(back, application.key)
    form = GiveUpForm(posted(request))
    sent = save(
        request,
        form,
        lambda: give_up_place(application=application, by=request.user, **form.cleaned_data),
    )
    if sent.is_done:
        done = _("The place is given up. What was sent is kept.")
        return finish(request, done, back, application.key)
    for_staff = "for_staff" in context
    context |= {
        "application": application,
        "form": form,
        "in_the_way": what_holds(application, for_staff=for_staff),
    }
    template = "give_up_for.html" if for_staff else "give_up.html"
    return render(request, f"assessment/{template}", context, status=sent.status)


@require_GET
@staff_required
def reserve(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show the places that came free, and who waits for one in the order that was released."""
    require_perm(request.user, "assessment.view_outcomes")
    call = call_or_404(slug)
    waiting = reserve_list(call)
    shown = reached_among(request.user, waiting)
    places = list(places_of(request.user, call))
    seen = set(
        Application.objects.reached_by(request.user)
        .filter(pk__in=[place.taken_by_id for place in places if place.taken_by_id])
        .order_by()
        .values_list("pk", flat=True)
    )
    context = NAV | {
        "call": call,
        # Who has a link with who moved up does not read who that is.
        "places": [(place, place.taken_by_id in seen) for place in places],
        "page": page_of(request, shown),
        "is_next_hidden": len(next_of(shown)) < len(next_of(waiting)),
        "offered": next_of(shown),
        "may_prepare": request.user.has_perm("assessment.prepare_outcomes"),
    }
    return render(request, "assessment/reserve.html", context)


def _place_or_404(request: SignedInRequest, pk: int) -> FreePlace:
    rows = FreePlace.objects.visible_to(request.user).select_related(
        "application__organisation", "application__call"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def fill(request: SignedInRequest, pk: int) -> HttpResponse:
    """Prepare the acceptance of the next, or of one of equals: `?of=` names whose."""
    place = _place_or_404(request, pk)
    require_perm(request.user, "assessment.prepare_outcome", place.application)
    call = place.application.call
    waiting = reserve_list(call)
    # Who was next when the page was read may not be so any more: the service says it.
    offered = waiting if request.method == "POST" else next_of(waiting)
    row = _asked_for(request, reached_among(request.user, offered))
    if row is None:
        return redirect("assessment:reserve", call.slug)
    form = LetterReasonForm(
        posted(request),
        paragraphs=paragraphs_for(call).filter(outcome=PendingOutcome.ACCEPT),
        initial={"version": row.version},
    )
    sent = save(
        request,
        form,
        lambda: fill_place(
            place=place, application=row.application, by=request.user, **form.arguments()
        ),
    )
    if sent.is_done:
        done = _("The acceptance is prepared. Read its letter; it leaves on the next release.")
        return finish(request, done, back_to_letter(sent.result))
    context = NAV | {"place": place, "call": call, "row": row, "form": form}
    return render(request, "assessment/fill.html", context, status=sent.status)


def _asked_for(request: SignedInRequest, rows: list[Reserve]) -> Reserve | None:
    asked = request.GET.get("of", "")
    return next((row for row in rows if row.application.reference == asked), None)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask once more, then leave the place empty."""
    place = _place_or_404(request, pk)
    require_perm(request.user, "assessment.prepare_outcome", place.application)
    form = LeaveEmptyForm(posted(request))
    sent = save(
        request,
        form,
        lambda: leave_empty(place=place, by=request.user, **form.cleaned_data),
    )
    slug = place.application.call.slug
    if sent.is_done:
        return finish(request, _("The place stays empty."), "assessment:reserve", slug)
    context = NAV | {"place": place, "call": place.application.call, "form": form}
    return render(request, "assessment/leave_empty.html", context, status=sent.status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask once more, then let a place that was left empty be filled after all."""
    place = _place_or_404(request, pk)
    require_perm(request.user, "assessment.prepare_outcome", place.application)
    slug = place.application.call.slug
    if request.method != "POST" and place.closed_at is None:
        return redirect("assessment:reserve", slug)
    form = ReopenPlaceForm(posted(request))
    sent = save(
        request,
        form,
        lambda: reopen_place(place=place, by=request.user, **form.cleaned_data),
    )
    if sent.is_done:
        done = _("The place is free again. Fill it from the reserve list.")
        return finish(request, done, "assessment:reserve", slug)
    context = NAV | {"place": place, "call": place.application.call, "form": form}
    return render(request, "assessment/reopen_place.html", context, status=sent.status)
