"""What registering a city by its people and by staff share."""

from accounts.http import SignedInRequest
from core.kit.saving import Sent, save
from programme.organisations.forms import OrganisationForm
from programme.organisations.models import Organisation
from programme.organisations.services import create_organisation


def register(request: SignedInRequest, form: OrganisationForm) -> Sent[Organisation]:
    """Register what a sent form says."""
    return save(
        request,
        form,
        lambda: create_organisation(
            by=request.user,
            name=form.cleaned_data["name"],
            kind=form.cleaned_data["kind"],
            country=form.cleaned_data["country"],
            city=form.cleaned_data["place"],
        ),
    )
