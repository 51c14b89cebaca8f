"""The home of the console."""

from dataclasses import fields

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from accounts.models import User
from accounts.states import StaffRole
from core.kit import days
from core.kit.days import BRUSSELS
from core.kit.decorators import staff_required
from core.kit.text import fold
from iuc_portal.homes.forms import ConsoleSearchForm
from iuc_portal.homes.selectors import console_of, found_in_console
from programme.organisations.rules import desk_countries

NOON, EVENING = 12, 18


@require_safe
@staff_required
def console(request: SignedInRequest) -> HttpResponse:
    """Show what waits for the member of staff, where calls stand, and which dates come."""
    user = request.user
    found = console_of(user)
    now = days.now()
    context = {part.name: getattr(found, part.name) for part in fields(found)}
    context |= {
        "now": now,
        "greeting": greeting(now.astimezone(BRUSSELS).hour) % {"name": user.get_short_name()},
        "remit": remit(user),
    }
    return render(request, "homes/console.html", context)


@require_safe
@staff_required
def search(request: SignedInRequest) -> HttpResponse:
    """Show what fits the words among all that the member of staff sees."""
    form = ConsoleSearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    context = {"form": form, "words": words, "groups": found_in_console(request.user, words)}
    return render(request, "homes/search.html", context)


def greeting(hour: int) -> str:
    """Return the greeting of the hour in Brussels, with a place for the name."""
    if hour < NOON:
        return _("Good morning, %(name)s")
    if hour < EVENING:
        return _("Good afternoon, %(name)s")
    return _("Good evening, %(name)s")


def remit(user: User) -> str:
    """Say what the person's role covers."""
    if user.staff_role == StaffRole.REGIONAL_DESK:
        names = ", ".join(sorted(desk_countries(user).values(), key=fold))
        if not names:
            return _("You have no countries yet. Ask a coordinator to give you yours.")
        return _("You look after: %(countries)s.") % {"countries": names}
    words: dict[str, str] = {
        StaffRole.COORDINATOR: _("You coordinate all regions."),
        StaffRole.OBSERVER: _("You read everything and change nothing."),
        StaffRole.ASSESSOR: _("You assess what is assigned to you."),
    }
    return words.get(user.staff_role, "")
