"""What this room shows on the console's pages of people."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest

from accounts.models import User
from core.kit.panelled import Panel
from iuc_portal.colleagues.models import FirstSteps
from iuc_portal.colleagues.selectors import open_invitations
from iuc_portal.colleagues.steps import steps_of


def _invited(_request: HttpRequest, _people: object) -> dict[str, Any] | None:
    number = open_invitations().count()
    return {"number": number} if number else None


def _of_person(request: HttpRequest, person: User) -> dict[str, Any]:
    return {
        "person": person,
        "has_one": is_mfa_enabled(person),
        "is_own": person.pk == request.user.pk,
    }


def _first_steps(_request: HttpRequest, user: User) -> dict[str, Any] | None:
    row = FirstSteps.objects.filter(person=user.pk, ended_at=None).first()
    # Whoever looks as another role has their own steps behind them.
    if row is None or user.looks_as:
        return None
    steps = steps_of(user, row)
    return {"steps": steps, "done": sum(shown.is_done for shown in steps)}


PANELS = [
    Panel("console", 10, "colleagues/first_steps_panel.html", _first_steps),
    Panel("people", 10, "colleagues/invited_panel.html", _invited),
    Panel("person", 10, "colleagues/person_panel.html", _of_person),
]
