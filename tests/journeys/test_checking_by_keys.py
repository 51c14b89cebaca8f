"""Eligibility checks by keys; `benchmarks.pairs` times them beside the way over the pages."""

import pytest
from playwright.sync_api import expect

from applications.models import Application
from applications.states import ApplicationStatus as S
from benchmarks.ways import QUEUE, Hands, check_by_keys
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import (
    CommitmentFactory,
    MunicipalityFactory,
    SubmittedApplicationFactory,
)
from tests.factories.programme import CallFactory

pytestmark = pytest.mark.django_db(transaction=True)

CASES = 6
MOST_KEYS = 2


@pytest.fixture(autouse=True)
def demo_portal(settings):
    """Staff of a demo need no second factor."""
    settings.DEMO = True


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


def test_cases_by_keys_take_two_keys_each_at_most(new_page, sign_in_page):
    call, page = CallFactory(), new_page()
    cases(call, CASES)
    sign_in_page(page, CoordinatorFactory())
    hands = Hands(page)
    check_by_keys(hands, call.slug, CASES)
    assert Application.objects.filter(call=call, status=S.ELIGIBLE).count() == CASES
    assert hands.keys <= MOST_KEYS * CASES
    assert hands.clicks == 0


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
