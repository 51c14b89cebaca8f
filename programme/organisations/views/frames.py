"""What pages about a team share: the frame in which they stand, and where they lead on."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.models import User
from core.kit.errors import Words
from core.kit.saving import finish
from core.kit.wanted import take_wanted
from programme.organisations.models import Organisation


def home_of(user: User, organisation: Organisation) -> tuple[str, str]:
    """Return where the team stands, for `redirect`: in the console for staff."""
    works_in_console = user.has_perm("organisations.list_organisations")
    name = "staff_organisation" if works_in_console else "team"
    return f"organisations:{name}", organisation.slug


def frame_of(user: User, organisation: Organisation) -> dict[str, str]:
    """Return the shell of a page about a team, and the way back: the console's for staff."""
    name, slug = home_of(user, organisation)
    works_in_console = user.has_perm("organisations.list_organisations")
    shell = "base_staff.html" if works_in_console else "base_city.html"
    return {"shell": shell, "cancel_url": reverse(name, args=[slug])}


def go_on(request: HttpRequest, done: Words, to: Any, *args: Any) -> HttpResponse:
    """Say what was done, and lead to what the person came for before they had a city."""
    wanted = take_wanted(request)
    if wanted:
        return finish(request, done, wanted)
    return finish(request, done, to, *args)
