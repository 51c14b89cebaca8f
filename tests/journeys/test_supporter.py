"""A region that cannot apply backs a city: it is named, asked by mail, and writes its letter."""

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import expect

from applications.models import OnlineInvitation, SupportLetter
from applications.services import invite_online, revoke_online
from core.kit import days
from tests.factories.applications import ApplicationFactory, StakeholderFactory
from tests.factories.programme import MembershipFactory
from tests.infra.waiting import wait_until
from tests.journeys.steps import BACK, end_sessions, found_in, kept, killed, link_in

pytestmark = pytest.mark.django_db(transaction=True)

COUNTY = "Dubrovnik-Neretva County"
ROLE = "Runs the buses between the towns, and backs us as a supporter."
WORDS = "The county runs 40 buses and gives two planners to this cooperation."


@pytest.fixture
def draft():
    return ApplicationFactory(partnership=False)


@pytest.fixture
def lead(draft):
    return MembershipFactory(organisation=draft.organisation, role="lead").user


@pytest.fixture
def county(draft):
    return StakeholderFactory(application=draft, name=COUNTY, role=ROLE)


@pytest.fixture
def link(county, lead):
    """The address of the page on which the county writes."""
    invite_online(asked=county, email="office@county.example", by=lead)
    return link_in(mail.outbox[-1], "letters")


def letter(page):
    return page.get_by_label("Your letter", exact=True)


def sign(page):
    page.get_by_label("Your name", exact=True).fill("Nikola D.")
    page.get_by_label("Your office", exact=True).fill("President of the county")
    page.get_by_label("I may speak for the organisation in this.").check()


def send(page):
    page.get_by_role("button", name="Send the letter").click()


def is_there(page):
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(f"The letter of {COUNTY} is there")
    expect(page.get_by_text(WORDS)).to_be_visible()


@pytest.mark.parametrize("js", [True, False], ids=["with scripts", "without scripts"])
def test_city_names_a_county_that_writes_its_letter(new_page, draft, lead, sign_in_page, axe, js):
    city = new_page(js=js)
    sign_in_page(city, lead)
    city.goto(reverse("applications:detail", args=[draft.key]))
    city.get_by_role("main").get_by_role("link", name="Stakeholder partnership").click()
    city.get_by_label("Kind of organisation").select_option("region")
    city.get_by_label("Name of the organisation").fill(COUNTY)
    city.get_by_label("What it does").fill(ROLE)
    city.get_by_label("E-mail address").fill("office@county.example")
    city.get_by_role("button", name="Add and invite to write a letter").click()
    expect(city.get_by_text("Invited, no answer yet")).to_be_visible()
    if js:
        axe(city)
    [invitation] = mail.outbox

    office = new_page(width=390, js=js)
    office.goto(link_in(invitation, "letters"))
    expect(office.get_by_text(ROLE)).to_be_visible()
    if js:
        axe(office)
    send(office)
    expect(
        office.get_by_text("Write the letter, or choose to send it as a file.").first
    ).to_be_visible()
    # Scripts show the field of the chosen way alone; without them its words say which is whose.
    file = office.get_by_label("The signed letter")
    expect(file).to_be_visible(visible=not js)
    office.get_by_label("I send it as a file, signed").check()
    expect(file).to_be_visible()
    expect(letter(office)).to_be_visible(visible=not js)
    office.get_by_label("I write it here").check()
    letter(office).fill(WORDS)
    sign(office)
    send(office)
    is_there(office)
    if js:
        axe(office)

    city.reload()
    expect(city.get_by_text("Letter written online")).to_be_visible()
    city.goto(reverse("applications:check", args=[draft.key]))
    expect(city.get_by_text(WORDS)).to_be_visible()


def test_letter_outlives_a_browser_that_was_killed(page, link):
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(link)
    expect(page.locator("form[data-kept-here]")).to_be_visible()
    letter(page).fill(WORDS)
    wait_until(lambda: kept(page) > 0)
    stored = page.evaluate("JSON.stringify(Object.entries(localStorage))")
    assert WORDS in stored
    # Who looks into the browser later cannot sign with what lies there.
    assert link.rstrip("/").rpartition("/")[2] not in stored
    again = killed(page)
    again.goto(reverse("showcase:home"))
    again.goto(link)
    expect(again.get_by_text(BACK)).to_be_visible()
    expect(letter(again)).to_have_value(WORDS)
    sign(again)
    send(again)
    is_there(again)
    expect(again.get_by_text(BACK)).to_have_count(0)
    wait_until(lambda: found_in(again, "localStorage.length") == 0)


def test_letter_for_a_link_that_was_taken_back_is_shown_to_be_copied(page, link, lead):
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(link)
    letter(page).fill(WORDS)
    sign(page)
    revoke_online(invitation=OnlineInvitation.objects.get(), by=lead)
    send(page)
    expect(page.get_by_text("has taken this invitation back.")).to_be_visible()
    expect(page.get_by_text(WORDS).first).to_be_visible()
    assert not SupportLetter.objects.exists()


@pytest.mark.parametrize("js", [True, False], ids=["with scripts", "without scripts"])
def test_link_that_has_run_out_says_whom_to_ask(new_page, link, draft, axe, js):
    OnlineInvitation.objects.update(expires_at=days.now())
    page = new_page(js=js)
    page.goto(link)
    expect(page.get_by_text("This invitation has run out. Ask for a new one.")).to_be_visible()
    expect(page.get_by_text(f"write to {draft.organisation.name}")).to_be_visible()
    if js:
        axe(page)


def test_letter_of_who_is_slow_needs_no_session(new_page, link):
    page = new_page(js=False)
    page.goto(link)
    letter(page).fill(WORDS)
    sign(page)
    end_sessions()
    send(page)
    is_there(page)
