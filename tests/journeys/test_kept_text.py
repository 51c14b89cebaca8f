"""What is typed into a form outlives the session, a closed page and a change of mind."""

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from action_plans.models import Measure
from programme.organisations.states import MembershipRole
from tests.factories.action_plans import ObjectiveFactory, PlanFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.programme import MembershipFactory, ThemeFactory
from tests.infra.waiting import wait_until
from tests.journeys.steps import (
    BACK,
    end_sessions,
    enter,
    found_in,
    kept,
    killed,
    make_ana,
    press,
)

pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "Shade for every square"


@pytest.fixture
def plan():
    plan = PlanFactory()
    ObjectiveFactory(plan=plan, number=1)
    return plan


@pytest.fixture
def author(plan):
    person = make_ana()
    MembershipFactory(
        user=person, organisation=plan.member.organisation, role=MembershipRole.EDITOR
    )
    return person


@pytest.fixture
def address(plan):
    return reverse("action_plans:measure_new", args=[plan.reference])


def write(page, address):
    page.goto(address)
    expect(page.locator("form[data-kept-here]").first).to_be_visible()
    page.get_by_label("Title", exact=True).fill(TITLE)


def save(page):
    page.get_by_role("button", name="Save the measure").click()


def test_measure_written_before_the_session_ended_is_there_after_it(
    page, author, address, sign_in_page, axe
):
    sign_in_page(page, author)
    page.on("dialog", lambda dialog: dialog.accept())
    write(page, address)
    end_sessions()
    page.goto(address)
    enter(page)
    expect(page.get_by_text(BACK)).to_be_visible()
    expect(page.get_by_label("Title", exact=True)).to_have_value(TITLE)
    axe(page)
    save(page)
    expect(page.get_by_text("Measure A1.1 is saved.")).to_be_visible()
    assert Measure.objects.get().title == TITLE
    page.goto(address)
    expect(page.get_by_text(BACK)).to_have_count(0)
    expect(page.get_by_label("Title", exact=True)).to_have_value("")


def test_what_is_typed_before_the_scripts_arrive_is_kept(page, author, address, sign_in_page):
    sign_in_page(page, author)
    page.on("dialog", lambda dialog: dialog.accept())
    held = []

    def hold(route):
        held.append(route)

    page.route("**/js/keep*", hold)
    page.goto(address)
    page.get_by_label("Title", exact=True).fill(TITLE)
    wait_until(lambda: page.wait_for_timeout(50) or held)
    held.pop().continue_()
    page.unroute_all()
    again = killed(page)
    again.goto(address)
    expect(again.get_by_text(BACK)).to_be_visible()
    expect(again.get_by_label("Title", exact=True)).to_have_value(TITLE)


def test_kept_text_is_discarded_and_gone_for_another_person(
    page, author, plan, address, sign_in_page
):
    sign_in_page(page, author)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    write(page, address)
    page.goto(address)
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Discard it and show what is saved").click()
    expect(page.get_by_label("Title", exact=True)).to_have_value("")
    page.goto(address)
    expect(page.get_by_text(BACK)).to_have_count(0)

    write(page, address)
    other = MembershipFactory(organisation=plan.member.organisation).user
    sign_in_page(page, other)
    page.goto(address)
    expect(page.get_by_text(BACK)).to_have_count(0)
    expect(page.get_by_label("Title", exact=True)).to_have_value("")
    assert page.evaluate("localStorage.length") == 0


def test_sign_out_takes_kept_text_along(page, author, address, sign_in_page):
    sign_in_page(page, author)
    write(page, address)
    wait_until(lambda: kept(page) == 1)
    page.locator(".user-menu summary").click()
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.get_by_role("button", name="Sign out").click()
    assert asked == ["You typed something that is not saved. Sign out and lose it?"]
    expect(page.get_by_label("Title", exact=True)).to_have_value(TITLE)
    assert kept(page) == 1

    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("/")
    assert page.evaluate("localStorage.length") == 0


def test_what_waits_in_the_browser_is_told_before_the_application_is_sent(page, sign_in_page, axe):
    lead = make_ana()
    draft = ApplicationFactory()
    theme = ThemeFactory()
    draft.call.themes.add(theme)
    MembershipFactory(user=lead, organisation=draft.organisation, role=MembershipRole.LEAD)
    applicant, preferences, contacts, overview = (
        reverse(f"applications:{name}", args=[draft.key])
        for name in ("applicant", "preferences", "contacts", "detail")
    )
    sign_in_page(page, lead)
    # A field that stands outside its form, a tick alone, and a plain field.
    page.goto(applicant)
    page.locator("[name=exception_reason]").fill("An island of 41,000.")
    wait_until(lambda: kept(page) == 1)
    page.goto(preferences)
    page.get_by_label(theme.name).check()
    wait_until(lambda: kept(page) == 2)
    page.goto(contacts)
    page.get_by_label("Position").first.fill("Head of office")
    wait_until(lambda: kept(page) == 3)

    page.goto(overview)
    axe(page)
    notice = page.locator(".notice").filter(has_text="Not saved yet")
    expect(notice.get_by_role("link")).to_have_count(3)
    page.goto(reverse("applications:check", args=[draft.key]))
    expect(notice).to_be_visible()
    page.goto(applicant)
    expect(page.get_by_text(BACK)).to_be_visible()
    expect(page.locator("[name=exception_reason]")).to_have_value("An island of 41,000.")
    page.goto(preferences)
    expect(page.get_by_label(theme.name)).to_be_checked()
    page.get_by_label(draft.call.partner_countries.first().name).check()
    press(page, "Save and continue")
    wait_until(draft.themes.exists)
    page.goto(overview)
    expect(notice.get_by_role("link")).to_have_count(2)


def test_window_left_open_keeps_nothing_after_sign_out_in_another(
    page, author, address, sign_in_page
):
    sign_in_page(page, author)
    write(page, address)
    other = page.context.new_page()
    other.on("dialog", lambda dialog: dialog.accept())
    other.goto("/my/")
    other.locator(".user-menu summary").click()
    other.get_by_role("button", name="Sign out").click()
    other.wait_for_url("/")
    page.get_by_label("Title", exact=True).fill(f"{TITLE} and street")
    page.wait_for_timeout(1_000)
    assert page.evaluate("localStorage.length") == 0


def test_without_scripts_the_form_waits_for_its_sender(new_page, author, address, sign_in_page):
    page = new_page(js=False)
    sign_in_page(page, author)
    page.goto(address)
    page.get_by_label("Title", exact=True).fill(TITLE)
    end_sessions()
    save(page)
    expect(page.get_by_text("You were signed out before this was sent.")).to_be_visible()
    enter(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome back. Your text is here.")
    expect(page.get_by_text(TITLE).first).to_be_visible()
    expect(page.get_by_role("heading", name="Title", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Copy all of it")).to_have_count(0)
    page.get_by_role("button", name="Put my text back and go on").click()
    expect(page.get_by_label("Title", exact=True)).to_have_value(TITLE)
    assert not Measure.objects.exists()
    save(page)
    expect(page.get_by_text("Measure A1.1 is saved.")).to_be_visible()


def test_stale_token_shows_what_was_typed_and_puts_it_back(
    page, author, address, sign_in_page, axe
):
    page.context.grant_permissions(["clipboard-write"])
    sign_in_page(page, author)
    write(page, address)
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Please send the form again")
    expect(page.get_by_text(TITLE).first).to_be_visible()
    page.get_by_role("button", name="Copy all of it").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Put my text back and go on").click()
    expect(page.get_by_label("Title", exact=True)).to_have_value(TITLE)
    save(page)
    expect(page.get_by_text("Measure A1.1 is saved.")).to_be_visible()
    page.goto(address)
    expect(page.get_by_text(BACK)).to_have_count(0)


def test_older_entries_that_hold_the_address_of_a_link_are_gone(page, author, sign_in_page):
    sign_in_page(page, author)
    page.goto(reverse("homes:workspace"))
    page.evaluate("""() => {
        const entry = JSON.stringify({ at: Date.now(), fields: {}, page: "/letters/secret/" });
        localStorage.setItem("kept:link-1234:/letters/secret/:0123456789abcdef", entry);
        localStorage.setItem("kept-sent:some-key", entry);
    }""")
    page.goto(reverse("homes:workspace"))
    wait_until(lambda: found_in(page, "Object.keys(localStorage).length") == 0)


def test_what_was_typed_a_fortnight_ago_is_gone_from_the_browser(
    page, author, address, sign_in_page
):
    sign_in_page(page, author)
    page.on("dialog", lambda dialog: dialog.accept())
    write(page, address)
    names = "Object.keys(localStorage)"
    aged = f"""(days) => {names}.forEach((name) => {{
        const copy = JSON.parse(localStorage.getItem(name));
        copy.at = Date.now() - days * 86400000;
        localStorage.setItem(name, JSON.stringify(copy));
    }})"""
    wait_until(lambda: found_in(page, f"{names}.length") == 1)
    # The note of a form that was sent, of which no answer ever came.
    page.route(f"**{address}", lambda route: route.fulfill(status=204))
    save(page)
    wait_until(lambda: found_in(page, f"{names}.length") == 2)
    page.unroute(f"**{address}")
    page.goto(reverse("homes:workspace"))
    page.evaluate(aged, 13)
    page.goto(address)
    expect(page.get_by_text(BACK)).to_be_visible()
    assert page.evaluate(f"{names}.length") == 2
    page.evaluate(aged, 15)
    page.goto(reverse("homes:workspace"))
    wait_until(lambda: found_in(page, f"{names}.length") == 0)
