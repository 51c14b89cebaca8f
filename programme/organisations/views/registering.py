"""What registering a city by its people and by staff share, and giving it another name."""

from typing import Any

from accounts.http import SignedInRequest
from core.kit.saving import Sent, save
from programme.organisations.forms import OrganisationForm
from programme.organisations.forms.naming import NewNameForm
from programme.organisations.models import Organisation
from programme.organisations.selectors import Double
from programme.organisations.services import LikelyDoubleError, create_organisation


def register(
    request: SignedInRequest, form: OrganisationForm
) -> tuple[Sent[Organisation], dict[str, Any]]:
    """Register what a sent form says; with it, what the page shows of it when it is not done."""
    sent = save(
        request,
        form,
        lambda: create_organisation(
            by=request.user,
            name=form.cleaned_data["name"],
            kind=form.cleaned_data["kind"],
            country=form.cleaned_data["country"],
            city=form.cleaned_data["place"],
            differs_because=form.cleaned_data["differs_because"],
        ),
    )
    return sent, {"form": form, "doubles": doubles_of(sent, form)}


def doubles_of(sent: Sent[Any], form: OrganisationForm | NewNameForm) -> list[Double]:
    """Return what a new name was refused for; unless there is any, the form asks for no reason."""
    if isinstance(sent.error, LikelyDoubleError):
        return sent.error.doubles
    if form.is_bound and not form["differs_because"].value():
        form.drop_reason()
    return []
