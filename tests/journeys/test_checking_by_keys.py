"""Twenty eligibility checks by keys, beside the way over the page of each application.

`-s` prints how many keys and seconds a case takes on each way.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from applications.models import Application
from applications.states import ApplicationStatus as S
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import (
    CommitmentFactory,
    MunicipalityFactory,
    SubmittedApplicationFactory,
)
from tests.factories.programme import CallFactory

pytestmark = pytest.mark.django_db(transaction=True)

CASES = 20
MOST_KEYS = 2
QUEUE = "/staff/eligibility/"
HAS_FOCUS = "element => element === document.activeElement"


@pytest.fixture(autouse=True)
def demo_portal(settings):
    """Staff of a demo need no second factor."""
    settings.DEMO = True


@dataclass
class Counted:
    """A keyboard that counts: also each Tab on the way to a button."""

    page: Page
    keys: int = 0

    def press(self, key: str) -> None:
        self.keys += 1
        self.page.keyboard.press(key)

    def go(self, key: str) -> None:
        """Press a key that leads to another page."""
        with self.page.expect_navigation():
            self.press(key)

    def reach(self, target: Locator) -> None:
        while not target.evaluate(HAS_FOCUS):
            self.press("Tab")

    def follow(self, target: Locator) -> None:
        self.reach(target)
        self.go("Enter")


def cases(call: object, number: int) -> list[Application]:
    """Make cases where nothing is unclear: of every other one a letter is to be read."""
    made = [SubmittedApplicationFactory(call=call) for _each in range(number)]
    for application in made[::2]:
        country = application.organisation.country
        Application.objects.filter(pk=application.pk).update(kind="group")
        CommitmentFactory(
            municipality=MunicipalityFactory(application=application, country=country)
        )
    return made


def by_keys(keyboard: Counted, call: object) -> None:
    page = keyboard.page
    page.goto(f"{QUEUE}?from=call%3D{call.slug}")
    for _each in range(CASES):
        # The next case has come by itself, with the focus on its heading.
        expect(page.locator("#case-h")).to_be_focused()
        expect(page.locator("[data-keys-button]")).to_be_visible()
        keyboard.go("p")
    expect(page.get_by_role("heading", level=1)).to_have_text("That was the last one.")


def by_pages(keyboard: Counted, call: object) -> None:
    page = keyboard.page
    main = page.get_by_role("main")
    for _each in range(CASES):
        page.goto(f"{reverse('applications:staff_list')}?call={call.slug}&status=submitted")
        keyboard.follow(main.locator("tbody th a").first)
        address = page.url
        letter = main.get_by_role("link", name="Commitment of")
        if letter.count():
            keyboard.follow(letter)
            keyboard.reach(main.get_by_label("I have opened it"))
            keyboard.press("Space")
            keyboard.reach(main.locator("input[name=verdict]").first)
            keyboard.press("Space")
            keyboard.follow(main.get_by_role("button", name="Save"))
            assert page.url.startswith(address.partition("?")[0])
        keyboard.follow(main.get_by_role("link", name="Decide: eligible"))
        keyboard.follow(main.get_by_role("button", name="Continue"))


WAYS: dict[str, Callable[[Counted, object], None]] = {"keys": by_keys, "pages": by_pages}


def test_twenty_cases_by_keys_take_two_keys_each_at_most(new_page, sign_in_page):
    found = {}
    for name, way in WAYS.items():
        call, page = CallFactory(), new_page()
        cases(call, CASES)
        sign_in_page(page, CoordinatorFactory())
        keyboard, began = Counted(page), time.perf_counter()
        way(keyboard, call)
        seconds = time.perf_counter() - began
        assert Application.objects.filter(call=call, status=S.ELIGIBLE).count() == CASES
        found[name] = (keyboard.keys / CASES, seconds / CASES)
        print(f"{name}: {keyboard.keys / CASES:.1f} keys and {seconds / CASES:.2f} s a case")
    keys, pages = found["keys"], found["pages"]
    assert keys[0] <= MOST_KEYS
    assert pages[0] > 5 * keys[0]
    assert keys[1] < pages[1]


def test_each_verdict_by_its_key_and_the_way_back(new_page, sign_in_page, axe):
    call, page = CallFactory(), new_page()
    application = SubmittedApplicationFactory(call=call, lead={"population_source": ""})
    sign_in_page(page, CoordinatorFactory())
    page.goto(QUEUE)
    axe(page)
    expect(page.locator("#case-h")).to_be_focused()
    keys = page.keyboard

    # `?` lists what the page has; while it is open the keys rest.
    keys.press("?")
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_text("Waive…")).to_be_visible()
    axe(page)
    keys.press("w")
    keys.press("Escape")
    expect(sheet).to_be_hidden()

    # F opens the reason and goes into it; letters are letters there.
    keys.press("f")
    reason = page.locator("#fail-reason")
    expect(reason).to_be_focused()
    keys.type("pawn p")
    expect(reason).to_have_value("pawn p")
    with page.expect_navigation():
        keys.press("Control+Enter")
    expect(page.get_by_text("Number of inhabitants, Fail.")).to_be_visible()
    expect(page.get_by_role("link", name="Not eligible…")).to_be_visible()
    axe(page)

    with page.expect_navigation():
        keys.press("z")
    expect(page.get_by_role("link", name="Not eligible…")).to_have_count(0)
    keys.press("w")
    expect(page.locator("#waive-reason")).to_be_focused()
    keys.type("Guests.")
    keys.press("Escape")
    expect(page.locator("#waive-reason")).to_be_hidden()

    with page.expect_navigation():
        keys.press("p")
    expect(page.get_by_role("heading", level=1)).to_have_text("That was the last one.")
    axe(page)
    application.refresh_from_db()
    assert application.status == S.ELIGIBLE


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_letter_stands_beside_its_question(new_page, sign_in_page, axe, width):
    call, page = CallFactory(), new_page(width=width)
    cases(call, 1)
    sign_in_page(page, CoordinatorFactory())
    page.goto(QUEUE)
    expect(page.get_by_role("heading", name="Does this letter commit")).to_be_visible()
    axe(page)


def test_all_of_it_works_without_scripts(new_page, sign_in_page):
    call, page = CallFactory(), new_page(js=False)
    one, other = cases(call, 2)
    sign_in_page(page, CoordinatorFactory())
    page.goto(f"{QUEUE}?from=sort%3Dsent")
    page.get_by_role("button", name="Pass").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Every criterion is met")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Ask…").click()
    page.get_by_text("Fail…").click()
    page.locator("#fail-reason").fill("Not signed.")
    page.locator("form").filter(has=page.locator("#fail-reason")).get_by_role("button").click()
    page.get_by_role("link", name="Leave open, next").click()
    page.get_by_role("button", name="Eligible").click()
    states = {row.pk: row.status for row in Application.objects.all()}
    assert states == {one.pk: S.SUBMITTED, other.pk: S.ELIGIBLE}
