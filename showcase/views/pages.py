"""The home page and the pages of text."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.kit.days import today
from programme.calls.states import CallPhase
from showcase.atlas import atlas_of, pair_map
from showcase.remembered import drawn
from showcase.selectors import calls as calls_selectors
from showcase.selectors.directory import Directory, directory

CARD_WIDTH, CARD_HEIGHT = 420, 200


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what the programme is, its open calls and its pairings."""
    listed = directory()
    day = today()
    phases = calls_selectors.calls_by_phase()
    context = {
        "open_calls": phases[CallPhase.OPEN],
        "coming_calls": phases[CallPhase.COMING],
        "world": drawn(listed, "showcase/parts/home_world.html", lambda: _world(listed)),
        "pairings": drawn(
            listed,
            "showcase/parts/home_pairings.html",
            lambda: _pairings(listed, day),
            day.isoformat(),
        ),
    }
    return render(request, "showcase/home.html", context)


def _world(listed: Directory) -> dict[str, Any]:
    return {
        "atlas": atlas_of(listed),
        "numbers": listed.numbers,
        "partner_country_names": [name for _code, name in listed.partner_choices],
    }


def _pairings(listed: Directory, day: date) -> dict[str, Any]:
    latest = listed.latest()
    cards = listed.rows(latest or listed.of_the_day(day))
    return {
        "cards": [(row, pair_map(row, width=CARD_WIDTH, height=CARD_HEIGHT)) for row in cards],
        "cards_are_latest": bool(latest),
        "numbers": listed.numbers,
        "themes": listed.theme_counts,
    }


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Tell what the programme is."""
    context = {
        "numbers": directory().numbers,
        "strands": calls_selectors.strands(),
    }
    return render(request, "showcase/about.html", context)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show the accessibility statement."""
    return render(request, "showcase/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Tell which personal data are kept, why and for how long."""
    return render(request, "showcase/privacy.html")


@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    """Name the cookies this portal sets."""
    context = {
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "language_cookie": settings.LANGUAGE_COOKIE_NAME,
        "session_hours": settings.SESSION_COOKIE_AGE // 3600,
    }
    return render(request, "showcase/cookies.html", context)


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """Tell how to reach the coordination unit."""
    return render(request, "showcase/contact.html", {"contact_email": settings.CONTACT_EMAIL})
