"""What registering a city by its people and by staff share."""

from django.http import HttpRequest

from core.kit.errors import InvalidError
from programme.organisations.forms import OrganisationForm
from programme.organisations.models import Organisation
from programme.organisations.services import create_organisation


def registered(request: HttpRequest, form: OrganisationForm) -> Organisation | None:
    """Register what a sent form says; None when there is nothing to do or it was refused.

    A refusal stands at its field of the form.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    cleaned = form.cleaned_data
    try:
        return create_organisation(
            by=request.user,
            name=cleaned["name"],
            kind=cleaned["kind"],
            country=cleaned["country"],
            city=cleaned["place"],
        )
    except InvalidError as error:
        form.add_error(error.field or None, error.message)
        return None
