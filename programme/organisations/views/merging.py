"""Organisations that look alike, for staff: merged, or kept as two."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest
from core.kit.decorators import require_perm, staff_required
from core.kit.errors import InvalidError
from core.kit.paging import page_of
from core.kit.saving import finish, posted, press, save
from programme.organisations.forms.merging import (
    CompareForm,
    DoublesForm,
    MergeForm,
    NeighboursForm,
    OtherForm,
)
from programme.organisations.models import Organisation, OrganisationQuerySet
from programme.organisations.selectors import likely_doubles
from programme.organisations.selectors.doubles import SHOWN as MOST
from programme.organisations.selectors.doubles import likely_pairs, with_organisations, with_people
from programme.organisations.selectors.merging import (
    in_the_way,
    may_be_merged,
    neighbours_of,
    picks_of,
    what_moves,
)
from programme.organisations.selectors.naming import what_follows
from programme.organisations.services import (
    forget_neighbours,
    mark_as_neighbours,
    merge_organisations,
)

PAGE = "organisations:staff_organisation_merge"


def _organisation(request: SignedInRequest, slug: str) -> Organisation:
    require_perm(request.user, "organisations.list_organisations")
    found = Organisation.objects.visible_to(request.user).lasting().select_related("country")
    organisation = get_object_or_404(found, slug=slug)
    require_perm(request.user, "organisations.confirm_organisations", organisation)
    return organisation


def _alike(request: SignedInRequest, organisation: Organisation) -> dict[str, object]:
    """Return what looks like the organisation, or is found by a name, to compare it with."""
    seat = organisation.cities.order_by("organisationcity__order").first()
    asked = CompareForm(request.GET)
    words = asked.cleaned_data["q"] if asked.is_valid() else ""
    found = with_people(may_be_merged(organisation).matching(words))[:MOST] if words else []
    return {
        "doubles": likely_doubles(
            name=organisation.name, country=organisation.country, city=seat, but=organisation
        ),
        "found": found,
        "search": asked,
        "neighbours": neighbours_of(organisation),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def merge(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show what looks like an organisation; compare it with one of them, and merge the two."""
    organisation = _organisation(request, slug)
    known = may_be_merged(organisation)
    if request.method == "POST":
        require_perm(request.user, "organisations.merge_organisations", organisation)
    # The page of two stays theirs, whatever a form names.
    asked = request.GET.get("of") or request.POST.get("of", "")
    other = known.filter(slug=asked).select_related("country").first()
    picks = picks_of(organisation, other) if other else []
    form = MergeForm(posted(request), picks=picks, of=other.slug if other else "")
    sent = save(
        request,
        form,
        lambda: merge_organisations(
            stays=organisation,
            goes=_chosen(known, form),
            picks=form.chosen(),
            kind=form.cleaned_data["kind"],
            day=form.cleaned_data["day"],
            reason=form.cleaned_data["reason"],
            by=request.user,
        ),
    )
    if sent.is_done:
        done = _("The two are one: %(name)s. Old addresses lead here.")
        words = {"name": sent.result.name}
        return finish(request, done % words, "organisations:staff_organisation", slug)
    context: dict[str, object] = {"organisation": organisation, "other": other, "form": form}
    if other is None:
        context |= _alike(request, organisation)
    else:
        context |= {
            "moving": what_moves(other, request.user),
            "obstacles": in_the_way(organisation, other),
            "keeps": what_follows(other, request.user).keeps,
            "two": NeighboursForm(initial={"of": other.slug}, auto_id="two_%s"),
        }
    context |= {
        "may_merge": request.user.has_perm("organisations.merge_organisations", organisation),
        "nav_current": "organisations:staff_organisations",
    }
    return render(request, "organisations/staff_merge.html", context, status=sent.status)


def _chosen(known: OrganisationQuerySet, form: OtherForm) -> Organisation:
    """Return the organisation that a form names. Raises InvalidError for none of those."""
    found = known.filter(slug=form.cleaned_data["of"]).first()
    if found is None:
        raise InvalidError(_("Choose one of these organisations."), field="of")
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def neighbours(request: SignedInRequest, slug: str) -> HttpResponse:
    """Ask why two organisations which look alike are two, and keep it."""
    organisation = _organisation(request, slug)
    known = may_be_merged(organisation)
    asked = request.GET.get("of") or request.POST.get("of", "")
    other = known.filter(slug=asked).select_related("country").first()
    form = NeighboursForm(posted(request), initial={"of": asked})
    sent = save(
        request,
        form,
        lambda: mark_as_neighbours(
            one=organisation,
            other=_chosen(known, form),
            reason=form.cleaned_data["reason"],
            by=request.user,
        ),
    )
    if sent.is_done:
        done = _("They are kept as two. Nobody is warned of them again.")
        return finish(request, done, PAGE, slug)
    context = {
        "organisation": organisation,
        "other": other,
        "form": form,
        "nav_current": "organisations:staff_organisations",
    }
    return render(request, "organisations/staff_neighbours.html", context, status=sent.status)


@require_http_methods(["POST"])
@staff_required
def no_neighbours(request: SignedInRequest, slug: str) -> HttpResponse:
    """Take that back: the two are shown as likely doubles again."""
    organisation = _organisation(request, slug)
    form = OtherForm(request.POST)
    if form.is_valid():
        known = may_be_merged(organisation)
        press(
            request,
            lambda: forget_neighbours(
                one=organisation, other=_chosen(known, form), by=request.user
            ),
            _("They are shown as likely doubles again."),
        )
    return redirect(reverse(PAGE, args=[slug]))


@require_safe
@staff_required
def doubles(request: SignedInRequest) -> HttpResponse:
    """List what is probably in the register twice, until staff have merged it or found two."""
    require_perm(request.user, "organisations.list_organisations")
    form = DoublesForm(request.GET)
    country = form.chosen["country"]
    found = likely_pairs(user=request.user, country=country.pk if country else "")
    page = page_of(request, found)
    groups = with_organisations(page)
    # Who acts on one of the list acts on all of it.
    first = groups[0].organisation if groups else None
    context = {
        "page": page,
        "groups": groups,
        "may_compare": first is not None
        and request.user.has_perm("organisations.confirm_organisations", first),
        "filter": form,
        "is_on": form.is_on,
        "has_errors": bool(form.errors),
        "nav_current": "organisations:staff_organisations",
    }
    return render(request, "organisations/staff_doubles.html", context)
