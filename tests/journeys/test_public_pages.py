"""The public pages as a visitor meets them: by keyboard, narrow, and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories.pairings import PublishedPairingFactory, RunningPairingFactory
from tests.factories.programme import (
    CallFactory,
    CityFactory,
    CountryFactory,
    OrganisationFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
    ThemeFactory,
    TopicFactory,
)
from tests.public import addresses_without_arguments


@pytest.fixture
def public_world(transactional_db):
    """An open call and three pairings, one of them running."""
    japan = PartnerCountryFactory(code="JP", name="Japan")
    poland = CountryFactory(code="PL", name="Poland")
    mobility = ThemeFactory(slug="urban-mobility", name="Urban mobility", icon="bus")
    lodz = OrganisationFactory(
        name="Łódź", country=poland, latitude=51.77, longitude=19.45, seat=CityFactory()
    )
    ikoma = PartnerOrganisationFactory(
        name="Ikoma", country=japan, latitude=34.7, longitude=135.7, time_zone="Asia/Tokyo"
    )
    PublishedPairingFactory(
        slug="lodz-ikoma", organisations=[lodz, ikoma], topics=[TopicFactory(themes=[mobility])]
    )
    PublishedPairingFactory()
    RunningPairingFactory()
    return CallFactory(slug="open-call", title="City pairings with India and Japan")


CHECK = "/calls/open-call/check/"
PAGES = {
    "calls": [
        "/",
        "/calls/",
        "/calls/open-call/",
        f"{CHECK}?kind=group&name=&population=1e6",
        f"{CHECK}?kind=group&name=Split&members=Solin&country=HR&population=50000",
    ],
    "pairings": ["/pairings/?q=Lodz", "/pairings/?partner=XX", "/pairings/lodz-ikoma/"],
}


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("part", PAGES)
def test_public_pages_have_no_barrier(public_world, new_page, axe, part, width):
    page = new_page(width=width)
    for address in PAGES[part]:
        assert page.goto(address).status == 200
        axe(page)


@pytest.mark.parametrize("width", [1280, 320])
def test_pages_found_by_themselves_have_no_barrier(public_world, new_page, axe, width):
    page = new_page(width=width)
    seen = set()
    for address in addresses_without_arguments():
        answer = page.request.get(address, max_redirects=0)
        if answer.status == 200 and answer.headers["content-type"].startswith("text/html"):
            page.goto(address)
            axe(page)
            seen.add(address)

    assert {"/about/", "/accessibility/", "/contact/", "/accounts/signup/"} <= seen


def test_targets_that_are_too_small_for_a_finger_are_found(public_world, page, axe):
    page.goto("/about/")
    page.evaluate("""() => {
      const links = ["a", "b"].map(name => Object.assign(document.createElement("a"), {
        href: "/" + name, textContent: name, className: "d-inline-block",
      }));
      document.querySelector("main .page").prepend(...links);
    }""")

    with pytest.raises(AssertionError, match="target-size"):
        axe(page)


def test_map_is_walked_by_keyboard(public_world, page, axe):
    page.goto("/pairings/")
    arcs = page.locator("a.map-pair")
    expect(arcs).to_have_count(3)

    page.locator("#part-world").focus()
    page.keyboard.press("Tab")
    expect(arcs.first).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#part-europe")).to_be_checked()
    expect(page.locator(".of-europe", has_text="Łódź")).to_be_visible()
    axe(page)

    arc = page.get_by_role("link", name=re.compile("Łódź and Ikoma, about"))
    arc.focus()
    expect(page.locator("tr[data-pair=lodz-ikoma]")).to_have_class(re.compile("is-lit"))
    expect(page.locator("[data-map-top]")).to_have_text("ŁódźIkoma")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/pairings/lodz-ikoma/$"))


def test_map_can_be_skipped(public_world, page):
    page.goto("/pairings/")

    page.get_by_role("link", name="Skip the map, go to the list").focus()
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("#list$"))


def test_filters_swap_the_results_and_say_how_many(public_world, page):
    page.goto("/pairings/")

    page.get_by_label("Partner country").select_option("JP")

    expect(page.get_by_role("status").filter(has_text="1 pairing fits.")).to_be_attached()
    expect(page).to_have_url(re.compile("partner=JP"))
    expect(page.locator("tbody tr")).to_have_count(1)
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(3)


def test_filters_fold_on_a_phone(public_world, phone_page):
    phone_page.goto("/pairings/")
    expect(phone_page.get_by_label("City or topic")).to_be_hidden()

    phone_page.get_by_role("button", name="Filters").click()
    phone_page.get_by_label("City or topic").fill("lodz")
    phone_page.get_by_role("button", name="Show").click()

    expect(phone_page.locator("tbody tr")).to_have_count(1)


def test_public_pages_work_without_scripts(public_world, new_page):
    page = new_page(width=390, js=False)
    page.goto("/pairings/")
    page.get_by_label("Theme").select_option("urban-mobility")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("tbody tr")).to_have_count(1)

    page.goto("/calls/open-call/check/")
    page.get_by_label("A group of municipalities").check()
    page.get_by_label("Name").fill("Split")
    page.get_by_label("Other municipalities of the group").fill("Solin")
    page.get_by_label("Country").select_option("HR")
    page.get_by_label("Inhabitants").fill("184.000")
    page.get_by_role("button", name="Check").click()

    expect(page.get_by_role("heading", name="Yes, Split can apply")).to_be_visible()
