"""Text at twice its size, four times zoom, and colours that the reader's system chooses."""

from accounts.models import User
from action_plans.models import Plan
from applications.models import Application
from pairings.models import Pairing
from programme.calls.models import Call

WIDER = """size => {
  document.documentElement.style.fontSize = size;
  return document.scrollingElement.scrollWidth - window.innerWidth;
}"""


def screens():
    """Return whose screens there are: (login, addresses)."""
    call = Call.objects.get(slug="india-japan-2026")
    application = Application.objects.get(reference="C2C-2026-0004")
    pairing = Pairing.objects.get(reference="PAIR-2026-0002")
    plan = f"/plans/{Plan.objects.get(reference='LAP-2026-0001').reference}"
    return [
        (
            None,
            [
                *("/", "/calls/", f"/calls/{call.slug}/", f"/calls/{call.slug}/check/"),
                *("/pairings/", "/pairings/?q=water", "/pairings/zaragoza-chihuahua/"),
                *("/about/", "/privacy/", "/accounts/login/", "/accounts/signup/", "/nowhere/"),
            ],
        ),
        (
            "lead-dubrovnik",
            [
                *("/my/", "/applications/", f"/my/pairings/{pairing.reference}/"),
                *(f"{plan}/", f"{plan}/measures/", f"{plan}/timeline/", f"{plan}/objectives/"),
                *(f"{plan}/challenge/", f"{plan}/history/", "/accounts/me/"),
            ],
        ),
        (
            "coordinator",
            [
                *("/staff/", "/staff/applications/", f"/staff/calls/{call.slug}/"),
                *(f"/staff/applications/{application.reference}/",),
                *(f"/staff/applications/{application.reference}/?tab=eligibility",),
                *("/staff/pairings/", f"/staff/pairings/{pairing.reference}/"),
                *("/staff/outbox/", "/staff/audit/", f"{plan}/"),
            ],
        ),
    ]


def test_no_screen_scrolls_sideways(demo, new_page, sign_in_page):
    wide = []
    for login, addresses in screens():
        page = new_page(width=1280)
        if login:
            sign_in_page(page, User.objects.get(email=f"{login}@demo.example"))
        for address in addresses:
            page.goto(address)
            for width, size in ((1280, "200%"), (320, "100%")):
                page.set_viewport_size({"width": width, "height": 900})
                if page.evaluate(WIDER, size) > 0:
                    wide.append(f"{address} at {width} pixels and text of {size}")
            page.set_viewport_size({"width": 1280, "height": 900})

    assert wide == []


def test_forced_colours_show_where_one_is_and_what_colours_mean(demo, new_page, sign_in_page):
    page = new_page(width=1280, forced_colors="active")
    sign_in_page(page, User.objects.get(email="lead-dubrovnik@demo.example"))
    page.goto("/plans/LAP-2026-0001/timeline/")

    edges = page.locator(".nav-tabs .nav-link").evaluate_all(
        "links => links.map(link => getComputedStyle(link).borderBottomColor)"
    )
    assert len(set(edges)) == 2
    keys = page.locator(".chart-key i").evaluate_all(
        "keys => keys.map(key => getComputedStyle(key).background)"
    )
    assert len(set(keys)) >= 5
