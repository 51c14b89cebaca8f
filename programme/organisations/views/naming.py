"""The names of an organisation, for staff: renamed from a day on, corrected, taken back."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from core.kit import days
from core.kit.decorators import require_perm, staff_required
from core.kit.saving import finish, posted, save
from programme.organisations.forms import ReasonForm
from programme.organisations.forms.naming import CorrectNameForm, RenameForm
from programme.organisations.models import Organisation, OrganisationName
from programme.organisations.selectors.naming import names_shown, what_follows
from programme.organisations.services import correct_name, rename_organisation, take_back_name
from programme.organisations.views.registering import doubles_of

PAGE = "organisations:staff_organisation_names"


def _organisation(request: SignedInRequest, slug: str) -> Organisation:
    require_perm(request.user, "organisations.list_organisations")
    found = Organisation.objects.visible_to(request.user).lasting().select_related("country")
    organisation = get_object_or_404(found, slug=slug)
    require_perm(request.user, "organisations.rename_organisation", organisation)
    return organisation


def _name(organisation: Organisation, pk: int) -> OrganisationName:
    own = organisation.names.filter(bearer_id=organisation.pk)
    return get_object_or_404(own.select_related("organisation__country"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def names(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show what it has been called, what a new name would change, and take one."""
    organisation = _organisation(request, slug)
    form = RenameForm(posted(request))
    sent = save(
        request,
        form,
        lambda: rename_organisation(
            organisation=organisation, by=request.user, **form.cleaned_data
        ),
    )
    if sent.is_done:
        done = (
            _("It is called %(name)s from that day on. What is past keeps the name of its day.")
            if sent.result.from_day and sent.result.from_day <= days.today()
            else _("It will be called %(name)s from that day on.")
        )
        return finish(request, done % {"name": sent.result.name}, PAGE, slug)
    context = {
        "organisation": organisation,
        "form": form,
        "doubles": doubles_of(sent, form),
        "names": names_shown(organisation),
        "follows": what_follows(organisation, request.user),
        "nav_current": "organisations:staff_organisations",
    }
    return render(request, "organisations/staff_names.html", context, status=sent.status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def correct(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Put right a name that was mistyped, or its day, with a reason."""
    organisation = _organisation(request, slug)
    row = _name(organisation, pk)
    initial = {"name": row.name, "day": row.from_day or organisation.created_at.date()}
    form = CorrectNameForm(posted(request), initial=initial, has_day=row.from_day is not None)
    sent = save(request, form, lambda: _correct(row, form, request))
    if sent.is_done:
        return finish(request, _("The name is corrected."), PAGE, slug)
    context = {
        "organisation": organisation,
        "row": row,
        "form": form,
        "doubles": doubles_of(sent, form),
        "nav_current": "organisations:staff_organisations",
    }
    return render(request, "organisations/staff_name.html", context, status=sent.status)


def _correct(
    row: OrganisationName, form: CorrectNameForm, request: SignedInRequest
) -> OrganisationName:
    typed = form.cleaned_data | {"day": form.cleaned_data["day"] or days.today()}
    return correct_name(row=row, by=request.user, **typed)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def take_back(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Ask why, then take the last change of the name back."""
    organisation = _organisation(request, slug)
    row = _name(organisation, pk)
    form = ReasonForm(posted(request))
    sent = save(
        request, form, lambda: take_back_name(row=row, by=request.user, **form.cleaned_data)
    )
    if sent.is_done:
        return finish(request, _("The change of name is taken back."), PAGE, slug)
    context = {
        "organisation": organisation,
        "row": row,
        "form": form,
        "nav_current": "organisations:staff_organisations",
    }
    return render(request, "organisations/staff_name_back.html", context, status=sent.status)
