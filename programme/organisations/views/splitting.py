"""An organisation that becomes two, a split taken back, a merge taken apart, for staff."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from core.kit import days
from core.kit.decorators import require_perm, staff_required
from core.kit.errors import InvalidError
from core.kit.saving import SHOWN, finish, look, posted, save
from programme.organisations.forms import ReasonForm
from programme.organisations.forms.naming import SplitForm
from programme.organisations.models import Organisation
from programme.organisations.relations import parts_of
from programme.organisations.selectors import team_of
from programme.organisations.selectors.apart import refuse_apart, way_back
from programme.organisations.selectors.merging import in_the_way, what_moves
from programme.organisations.selectors.naming import what_follows
from programme.organisations.selectors.splitting import (
    Halves,
    halves,
    refuse_halves,
    refuse_split_back,
)
from programme.organisations.services import split_organisation, take_apart, take_split_back
from programme.organisations.services.organisations import require_no_double
from programme.organisations.views.registering import doubles_of

PAGE = "organisations:staff_organisation"


def _organisation(request: SignedInRequest, slug: str, permission: str) -> Organisation:
    require_perm(request.user, "organisations.list_organisations")
    found = Organisation.objects.visible_to(request.user).lasting().select_related("country")
    organisation = get_object_or_404(found, slug=slug)
    require_perm(request.user, permission, organisation)
    return organisation


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def split(request: SignedInRequest, slug: str) -> HttpResponse:
    """Choose who and what goes to a new organisation, look at both, and make two of one."""
    organisation = _organisation(request, slug, "organisations.split_organisation")
    parts, team = parts_of(organisation, request.user), list(team_of(organisation))
    initial = {"body": organisation.kind, "day": days.today()}
    form = SplitForm(posted(request), parts=parts, team=team, initial=initial)

    def preview() -> Halves:
        data = form.chosen()
        found = halves(parts, team, chosen=data["parts"], shares=data["shares"])
        if refusal := refuse_halves(organisation, found):
            raise InvalidError(refusal[1], field=refusal[0])
        require_no_double(
            data["differs_because"],
            name=data["name"],
            country=organisation.country,
            but=organisation,
        )
        return found

    context: dict[str, Any] = {
        "organisation": organisation,
        "form": form,
        "nav_current": "organisations:staff_organisations",
    }
    if "look" in request.POST:
        seen = look(request, form, preview)
        status = SHOWN if seen.is_done else seen.status
        context |= {
            "halves": seen.result if seen.is_done else None,
            "doubles": doubles_of(seen, form),
        }
        return render(request, "organisations/staff_split.html", context, status=status)
    sent = save(
        request,
        form,
        lambda: split_organisation(organisation=organisation, by=request.user, **form.chosen()),
    )
    if sent.is_done:
        done = _("They are two. This is %(name)s; its people have been told.")
        return finish(request, done % {"name": sent.result.name}, PAGE, sent.result.slug)
    context |= {"doubles": doubles_of(sent, form)}
    return render(request, "organisations/staff_split.html", context, status=sent.status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def take_back(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Show what would come back, and make the two of a split one again."""
    organisation = _organisation(request, slug, "organisations.split_organisation")
    found = organisation.splits.exclude(organisation=organisation)
    split = get_object_or_404(found.select_related("organisation", "out_of__country"), pk=pk)
    other = split.organisation
    form = ReasonForm(posted(request))
    sent = save(
        request, form, lambda: take_split_back(split=split, by=request.user, **form.cleaned_data)
    )
    if sent.is_done:
        done = _("The two are %(name)s again. The people of both were told.")
        return finish(request, done % {"name": sent.result.name}, PAGE, sent.result.slug)
    refusal = refuse_split_back(split)
    context = {
        "organisation": organisation,
        "split": split,
        "other": other,
        "form": form,
        "obstacles": [refusal] if refusal else in_the_way(organisation, other),
        "moving": what_moves(other, request.user),
        "keeps": what_follows(other, request.user).keeps,
        "nav_current": "organisations:staff_organisations",
    }
    return render(request, "organisations/staff_split_back.html", context, status=sent.status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def apart(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Show what would go back, and take a merge apart."""
    organisation = _organisation(request, slug, "organisations.merge_organisations")
    merges = organisation.formers.standing().select_related("organisation__country")
    merge = get_object_or_404(merges, pk=pk)
    form = ReasonForm(posted(request))
    sent = save(
        request, form, lambda: take_apart(merge=merge, by=request.user, **form.cleaned_data)
    )
    if sent.is_done:
        done = _("%(name)s is an organisation of its own again. The people of both were told.")
        return finish(request, done % {"name": sent.result.name}, PAGE, sent.result.slug)
    refusal = refuse_apart(merge)
    context = {
        "organisation": organisation,
        "merge": merge,
        "form": form,
        "refusal": refusal,
        "way": None if refusal else way_back(merge, request.user),
        "nav_current": "organisations:staff_organisations",
    }
    return render(request, "organisations/staff_apart.html", context, status=sent.status)
