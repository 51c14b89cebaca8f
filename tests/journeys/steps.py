"""Steps that several journeys share: a password typed, a session that ends, a window that dies."""

import re
from typing import Any

from playwright.sync_api import Error, Page, Route

from accounts.models import Session, User
from accounts.services import create_person
from tests.infra.waiting import wait_until

EMAIL = "ana@city.example"
PASSWORD = "a-long-enough-password"
BACK = "This is what you typed before, and it is not saved yet."
SAVING = "This is what you typed before. It is being saved"
KEPT = "Object.keys(localStorage).filter((name) => name.startsWith('kept:')).length"


def make_ana() -> User:
    """Return a person who can sign in by `enter`."""
    return create_person(email=EMAIL, full_name="Ana K", password=PASSWORD)


def enter(page: Page) -> None:
    """Sign in on the page that the portal leads to."""
    page.get_by_label("E-mail", exact=True).fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Sign in")


def press(page: Page, name: str) -> None:
    """Press a button of the page's own part."""
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def end_sessions() -> None:
    """Sign everybody out, as time does."""
    Session.objects.all().delete()


def kept(page: Page) -> int:
    """Return how many forms the browser keeps a copy of."""
    return found_in(page, KEPT)


def found_in(page: Page, expression: str) -> Any:
    """Return what a script finds in a page, also while one makes way for the next."""
    try:
        return page.evaluate(expression)
    except Error:
        page.wait_for_load_state()
        return page.evaluate(expression)


def press_keys(page: Page, *keys: str) -> None:
    """Press keys one after the other; they mean something once the scripts of a page have run."""
    page.wait_for_load_state()
    for key in keys:
        page.keyboard.press(key)


def cut_off(page: Page) -> None:
    """Let nothing that is sent reach the server, from any window of this browser."""

    def refuse(route: Route) -> None:
        if route.request.method == "POST":
            route.abort("internetdisconnected")
        else:
            route.fallback()

    page.context.route("**/*", refuse)


def connect_again(page: Page) -> None:
    """End what `cut_off` began."""
    page.context.unroute_all()


def killed(page: Page) -> Page:
    """Let the window die without a word, once its text is kept; return a new one."""
    wait_until(lambda: kept(page) > 0)
    again = page.context.new_page()
    page.close(run_before_unload=False)
    return again


def link_in(message: Any, part: str) -> str:
    """Return the address of a personal page that a mail holds: `/letters/…/`."""
    found = re.search(rf"/{part}/[^/\s]+/", message.body)
    assert found, message.body
    return found.group()
