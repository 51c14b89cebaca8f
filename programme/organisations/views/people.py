"""The console's people and rights."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest
from accounts.models import User
from accounts.services import reactivate_person
from core.kit.decorators import require_perm, staff_required
from core.kit.paging import page_of
from core.kit.saving import finish, posted, press, save
from core.trail.selectors import events_of
from programme.organisations.forms import (
    NO_ROLE,
    CloseAccountForm,
    PeopleFilterForm,
    RightsForm,
)
from programme.organisations.selectors import only_led_by, people
from programme.organisations.services import close_person, set_rights


@require_safe
@staff_required
def people_list(request: SignedInRequest) -> HttpResponse:
    """List staff, or whom the filter asks for."""
    require_perm(request.user, "accounts.manage_people")
    form = PeopleFilterForm(request.GET)
    found = people(words=form.chosen["q"], role=form.chosen["role"])
    context = {
        "page": page_of(request, found),
        "filter": form,
        "is_on": form.is_on,
        "has_errors": bool(form.errors),
    }
    return render(request, "organisations/staff_people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def person(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a person's rights and change them."""
    require_perm(request.user, "accounts.manage_people")
    shown = get_object_or_404(User, pk=pk)
    countries = [row.country for row in shown.desk_countries.select_related("country")]
    initial = {"role": shown.staff_role or NO_ROLE, "countries": countries}
    form = RightsForm(posted(request), initial=initial)
    sent = save(
        request, form, lambda: set_rights(person=shown, by=request.user, **form.cleaned_data)
    )
    if sent.is_done:
        done = _("The rights of %(name)s are saved.") % {"name": shown}
        return finish(request, done, "organisations:staff_person", shown.pk)
    context = {
        "person": shown,
        "form": form,
        "memberships": shown.memberships.select_related("organisation__country"),
        "events": events_of(shown)[:10],
        "nav_current": "organisations:staff_people",
    }
    return render(request, "organisations/staff_person.html", context, status=sent.status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def person_deactivate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for a reason, then close the account to sign-in."""
    require_perm(request.user, "accounts.manage_people")
    shown = get_object_or_404(User, pk=pk)
    left = only_led_by(shown)
    form = CloseAccountForm(posted(request), leads_lost=bool(left))
    sent = save(
        request, form, lambda: close_person(person=shown, by=request.user, **form.cleaned_data)
    )
    if sent.is_done:
        done = _("%(name)s can no longer sign in.") % {"name": shown}
        return finish(request, done, "organisations:staff_person", shown.pk)
    context = {
        "person": shown,
        "form": form,
        "consequences": [
            _("All sessions of this person end at once."),
            _("Memberships stay, and you can open the account again."),
        ],
        "left": left,
        "nav_current": "organisations:staff_people",
    }
    return render(request, "organisations/staff_person_close.html", context, status=sent.status)


@require_http_methods(["POST"])
@staff_required
def person_reactivate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Open an account again."""
    require_perm(request.user, "accounts.manage_people")
    shown = get_object_or_404(User, pk=pk)
    done = _("%(name)s can sign in again.") % {"name": shown}
    press(request, lambda: reactivate_person(person=shown, by=request.user), done)
    return redirect("organisations:staff_person", shown.pk)
