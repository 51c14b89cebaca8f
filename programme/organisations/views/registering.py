"""What registering a city by its people and by staff share."""

from typing import Any

from accounts.http import SignedInRequest
from core.kit.saving import Sent, save
from programme.organisations.forms import OrganisationForm
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
    doubles: list[Double] = []
    if isinstance(sent.error, LikelyDoubleError):
        doubles = sent.error.doubles
    elif form.is_bound and not form["differs_because"].value():
        form.drop_reason()
    return sent, {"form": form, "doubles": doubles}
