"""The home page and the pages of text."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.kit.days import today
from programme.calls.states import CallPhase
from showcase.atlas import pair_map, world_atlas
from showcase.selectors import calls as calls_selectors
from showcase.selectors import pairings as selectors

CARD_WIDTH, CARD_HEIGHT = 420, 200


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what the programme is, its open calls and its pairings."""
    rows = selectors.public_rows()
    phases = calls_selectors.calls_by_phase()
    latest = selectors.latest_rows(rows)
    cards = latest or selectors.rows_of_the_day(rows, day=today())
    context = {
        "open_calls": phases[CallPhase.OPEN],
        "coming_calls": phases[CallPhase.COMING],
        "atlas": world_atlas(rows),
        "numbers": selectors.numbers(rows),
        "partner_country_names": [
            name for _code, name in selectors.country_choices(rows, european=False)
        ],
        "cards": [(row, pair_map(row, width=CARD_WIDTH, height=CARD_HEIGHT)) for row in cards],
        "cards_are_latest": bool(latest),
        "themes": selectors.theme_counts(rows),
    }
    return render(request, "showcase/home.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Tell what the programme is."""
    rows = selectors.public_rows()
    context = {
        "numbers": selectors.numbers(rows),
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
