"""What people say of themselves, for staff: who asks to be let in, what they have registered."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest
from core.kit.decorators import require_perm, staff_required
from core.kit.paging import ROWS
from core.kit.saving import finish, posted, press, save
from programme.organisations.forms import DoubleForm, ToldReasonForm
from programme.organisations.models import Organisation
from programme.organisations.selectors import (
    Double,
    claims_to_answer,
    claims_to_object,
    likely_doubles,
    organisations_to_confirm,
    team_of,
)
from programme.organisations.services import (
    confirm_organisation,
    mark_as_double,
    refuse_organisation,
)


@require_safe
@staff_required
def claims(request: SignedInRequest) -> HttpResponse:
    """List who asks staff to be let in, what was registered, and what may be objected to."""
    require_perm(request.user, "organisations.list_claims")
    asked = claims_to_answer(request.user)
    registered = organisations_to_confirm(request.user)
    context = {
        # The oldest first: those behind them come up as these are decided.
        "asked": asked[:ROWS],
        "asked_count": asked.count(),
        "registered": registered[:ROWS],
        "registered_count": registered.count(),
        "by_domain": claims_to_object(request.user)[:ROWS],
    }
    return render(request, "organisations/staff_claims.html", context)


def _organisation(request: SignedInRequest, slug: str) -> Organisation:
    require_perm(request.user, "organisations.list_claims")
    found = Organisation.objects.visible_to(request.user).lasting().select_related("country")
    organisation = get_object_or_404(found, slug=slug)
    require_perm(request.user, "organisations.confirm_organisations", organisation)
    return organisation


def _doubles(organisation: Organisation) -> list[Double]:
    seat = organisation.cities.order_by("organisationcity__order").first()
    return likely_doubles(
        name=organisation.name, country=organisation.country, city=seat, but=organisation
    )


def _show(
    request: SignedInRequest,
    organisation: Organisation,
    doubles: list[Double],
    form: DoubleForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "organisation": organisation,
        "team": team_of(organisation),
        "cities": organisation.cities.all(),
        "doubles": doubles,
        "form": form or DoubleForm(doubles),
        "nav_current": "organisations:staff_claims",
    }
    return render(request, "organisations/staff_confirm.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def confirm(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show what was registered beside what it may be; a POST confirms that it is its own."""
    organisation = _organisation(request, slug)
    if request.method != "POST":
        return _show(request, organisation, _doubles(organisation))
    done = _("%(name)s is confirmed. Its lead has been told.") % {"name": organisation.name}
    press(request, lambda: confirm_organisation(organisation=organisation, by=request.user), done)
    return redirect("organisations:staff_claims")


@require_http_methods(["POST"])
@staff_required
def double(request: SignedInRequest, slug: str) -> HttpResponse:
    """Say that it is in the portal already, as the chosen one."""
    organisation = _organisation(request, slug)
    doubles = _doubles(organisation)
    form = DoubleForm(doubles, posted(request))
    sent = save(
        request,
        form,
        lambda: mark_as_double(organisation=organisation, by=request.user, **form.cleaned_data),
    )
    if not sent.is_done:
        return _show(request, organisation, doubles, form, status=sent.status)
    done = _("Its people now ask to join %(name)s, with what they have drafted.")
    return finish(request, done % {"name": form.cleaned_data["of"]}, "organisations:staff_claims")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def refuse(request: SignedInRequest, slug: str) -> HttpResponse:
    """Ask for the reason, then refuse to confirm it."""
    organisation = _organisation(request, slug)
    form = ToldReasonForm(posted(request))
    sent = save(
        request,
        form,
        lambda: refuse_organisation(
            organisation=organisation, by=request.user, **form.cleaned_data
        ),
    )
    if sent.is_done:
        done = _("%(name)s is not confirmed. Its lead has been told.")
        return finish(request, done % {"name": organisation.name}, "organisations:staff_claims")
    context = {
        "organisation": organisation,
        "form": form,
        "nav_current": "organisations:staff_claims",
    }
    return render(request, "organisations/staff_refuse.html", context, status=sent.status)
