"""A real browser on a real server, watched: nothing foreign is loaded, nothing breaks silently."""

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.infra.browser import FLAGS

AXE = Path(__file__).parent.parent / "vendor" / "axe-core" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_RUN = """
tags => axe.run(document, {runOnly: {type: "tag", values: tags}}).then(result =>
  result.violations.map(violation => violation.id + ": " + violation.help + "\\n" +
    violation.nodes.map(node => "    " + node.target.join(" ") + "\\n      " +
      node.failureSummary).join("\\n")))
"""
# What another layout can break; all other rules have the same answer at each width.
AXE_AGAIN = """
() => axe.run(document, {runOnly: {type: "rule", values: ["target-size",
  "scrollable-region-focusable"]}}).then(result => result.violations.map(
    violation => violation.id + ": " + violation.nodes.map(node => node.target).join(" ")))
"""
SIZES = {1280: 900, 390: 844, 320: 640}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a journey."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)
            # On a busy machine a whole case takes its time.
            item.add_marker(pytest.mark.timeout(600))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start one browser for the session."""
    # Playwright keeps an event loop in this thread, from which Django would refuse queries.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ["BROWSER_PATH"], args=FLAGS, chromium_sandbox=False
        )
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page of a fresh visitor: `new_page(width=1280, js=True)`.

    Paths are relative to the live server: `page.goto("/calls/")`. The test fails at its end when
    a page asked another machine for something, or when a script or the CSP raised an error.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def watch_request(request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in {
            "localhost",
            "127.0.0.1",
        }:
            faults.append(f"request to another machine: {request.url}")

    def watch_console(message: Any) -> None:
        # A page that answers 4xx says so on the console; the test asks for that page itself.
        if message.type == "error" and "Failed to load resource" not in message.text:
            faults.append(f"console: {message.text}")

    def open_page(*, width: int = 1280, js: bool = True, **options: Any) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": SIZES.get(width, 900)},
            java_script_enabled=js,
            locale="en-GB",
            timezone_id="Europe/Brussels",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(30_000)
        expect.set_options(timeout=30_000)
        contexts.append(context)
        page = context.new_page()
        context.on("request", watch_request)
        context.on("console", watch_console)
        context.on("weberror", lambda error: faults.append(f"script: {error.error}"))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """Return a desktop page, 1280 pixels wide."""
    return new_page(width=1280)


@pytest.fixture
def phone_page(new_page: Callable[..., Page]) -> Page:
    """Return a page 390 pixels wide."""
    return new_page(width=390)


@pytest.fixture
def narrow_page(new_page: Callable[..., Page]) -> Page:
    """Return a page 320 pixels wide, the narrowest we promise."""
    return new_page(width=320)


@pytest.fixture
def sign_in_page(live_server: Any) -> Callable[[Page, Any], None]:
    """Return a function that gives a page the session of a person, without the sign-in form."""
    from django.test import Client

    def enter(page: Page, person: Any) -> None:
        client = Client()
        client.force_login(person, backend="accounts.backends.PersonBackend")
        name = django_settings.SESSION_COOKIE_NAME
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
        )

    return enter


@pytest.fixture
def published(transactional_db: None, few_names: None) -> None:
    """Load what the programme has published: its cities, pairings and plans."""
    call_command("load_programme", verbosity=0, stdout=io.StringIO())


@pytest.fixture
def demo(published: None, settings: Any) -> None:
    """Fill in the whole demo: a row of everything that a screen can show."""
    settings.DEMO = True
    call_command("seed_demo", stage="plans", verbosity=0, stdout=io.StringIO())


@pytest.fixture
def axe() -> Callable[..., None]:
    """Return a function that fails, with the places, when axe-core finds a violation.

    It also fails when the page scrolls sideways. `again=True`: the page was looked at, and is now
    laid out for another width.
    """

    def look(page: Page, *, again: bool = False) -> None:
        # A click does not wait for the page it leads to.
        page.wait_for_load_state()
        # Below an anchor the head of the page would lie upon what stands above it.
        page.evaluate("scrollTo(0, 0)")
        # Playwright runs it outside the page's CSP; an own <script> element would be refused.
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE.read_text())
        violations = page.evaluate(AXE_AGAIN) if again else page.evaluate(AXE_RUN, AXE_TAGS)
        where = f"{page.url} at {page.viewport_size['width'] if page.viewport_size else '?'} px"
        assert violations == [], f"{where}:\n" + "\n".join(violations)
        too_wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert too_wide <= 0, f"{where} scrolls sideways by {too_wide} px"

    return look
