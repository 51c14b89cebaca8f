"""Text at twice its size, four times zoom, and colours that the reader's system chooses."""

from urllib.parse import parse_qs, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

from accounts.models import User
from tests.markup import Links

# How many screens there are at the least.
MANY = 100
WIDER = """size => {
  document.documentElement.style.fontSize = size;
  return document.scrollingElement.scrollWidth - window.innerWidth;
}"""


# A page that shows one of many is looked at once; each of its tabs too.
START = {
    None: ["/", "/nowhere/"],
    "lead-dubrovnik": ["/my/"],
    "coordinator": ["/staff/", "/staff/components/"],
}
# Pages that leave, or lead to where the crawl has no business.
NOT_FOLLOWED = ("/accounts/logout/", "/admin/", "/i18n/")


def screens_from(client, addresses):
    """Follow the links of pages; return one address for each screen that is met."""
    waiting, met, screens = list(addresses), set(), []
    while waiting:
        address = waiting.pop(0)
        path, query = urlsplit(address).path, parse_qs(urlsplit(address).query)
        tab = query.get("tab", [""])[0]
        try:
            screen = (resolve(path).view_name, tab)
        except Resolver404:
            screen = (path, "")
        if screen in met or path.startswith(NOT_FOLLOWED):
            continue
        met.add(screen)
        answer = client.get(path + (f"?tab={tab}" if tab else ""))
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        if answer.status_code in {200, 404}:
            screens.append(path + (f"?tab={tab}" if tab else ""))
            waiting += Links(answer.content.decode(), path).found
        elif answer.status_code == 302:
            waiting.append(answer["Location"])
    return screens


def account_of(login):
    return User.objects.get(email=f"{login}@demo.example")


def test_all_screens_of_the_demo_are_read_large_and_without_colours(demo, new_page, sign_in_page):
    # In one test: to fill in the demo takes longer than to look at the colours.
    page = new_page(width=1280, forced_colors="active")
    sign_in_page(page, account_of("lead-dubrovnik"))
    colours_are_told_apart(page)
    sign_in_page(page, account_of("coordinator"))
    open_view_is_told_apart(page)
    wide, seen = [], 0
    for login, addresses in START.items():
        person = login and account_of(login)
        client, page = Client(), new_page(width=1280)
        if person:
            client.force_login(person, backend="accounts.backends.PersonBackend")
            sign_in_page(page, person)
        for address in screens_from(client, addresses):
            seen += 1
            wide += scrolls_sideways(page, address)

    assert seen > MANY
    assert wide == []


def scrolls_sideways(page, address):
    """Open it; say where it is wider than the window, at twice the text and at its narrowest."""
    page.goto(address)
    for width, size in ((1280, "200%"), (320, "100%")):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate(WIDER, size) > 0:
            yield f"{address} at {width} pixels and text of {size}"
    page.set_viewport_size({"width": 1280, "height": 900})


def colours_are_told_apart(page):
    page.goto("/plans/LAP-2026-0001/timeline/")
    edges = page.locator(".nav-tabs .nav-link").evaluate_all(
        "links => links.map(link => getComputedStyle(link).borderBottomColor)"
    )
    assert len(set(edges)) == 2
    keys = page.locator(".chart-key i").evaluate_all(
        "keys => keys.map(key => getComputedStyle(key).background)"
    )
    assert len(set(keys)) >= 5


def open_view_is_told_apart(page):
    for address in ("/staff/outbox/", "/staff/applications/"):
        page.goto(address)
        edges = page.locator(".chip").evaluate_all(
            "chips => chips.map(chip => getComputedStyle(chip).outlineStyle)"
        )
        assert edges.count("solid") == 1, address
