"""The way through a call in two stages: interest expressed, invited, and the application begun.

With scripts and without, with a session that ends on the way, and somebody else who is first.
"""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.models import Application, Interest
from applications.services import save_interest_section
from programme.organisations.states import MembershipRole
from questionnaires.models import CallQuestionnaire
from questionnaires.services import load_templates
from questionnaires.states import Purpose
from tests.factories.accounts import CoordinatorFactory
from tests.factories.programme import MembershipFactory, OrganisationFactory, TwoStageCallFactory
from tests.infra.waiting import wait_until
from tests.journeys.steps import (
    SAVING,
    connect_again,
    cut_off,
    end_sessions,
    enter,
    kept,
    killed,
    make_ana,
)

pytestmark = pytest.mark.django_db(transaction=True)

TOPIC = "What do you want to work on?"
PROBLEM = "What is the problem in your city, in a few words?"
EXAMPLE = "With whom, and on what?"
OFFER = "What could you show to a partner?"


@pytest.fixture
def call(settings):
    settings.DEMO = True
    call = TwoStageCallFactory(title="Water and cities")
    versions = load_templates()
    for purpose, key in (
        (Purpose.EXPRESSION, "expression-of-interest"),
        (Purpose.APPLICATION, "application-city-to-city"),
    ):
        CallQuestionnaire.objects.create(call=call, purpose=purpose, version=versions[key])
    return call


@pytest.fixture
def ana(call):
    person = make_ana()
    MembershipFactory(user=person, organisation=OrganisationFactory(name="Rijeka"))
    return person


def begin(page, call):
    page.goto(reverse("applications:interest_start", args=[call.slug]))
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("link", name="Your interest").click()
    expect(page.get_by_label(TOPIC)).to_be_visible()


def fill_in_the_first_part(page):
    page.get_by_label(TOPIC).fill("Wells that run dry.")
    page.get_by_label(PROBLEM).fill("There is least water when most is used.")
    page.get_by_label(OFFER).fill("A tariff by season.")
    page.get_by_label("One partner, over 12 to 24 months").check()


def go_on(page):
    page.get_by_role("button", name="Save and continue").click()


def fill_in_the_second_part(page):
    page.get_by_label("Head of administration or department").check()
    page.get_by_label("Within six months").check()
    page.get_by_label("How many days a month could your staff give?").fill("12")
    page.get_by_label("No", exact=True).check()


@pytest.mark.parametrize("js", [True, False], ids=["scripts", "no scripts"])
def test_interest_is_expressed_invited_and_taken_into_the_application(
    js, new_page, call, ana, sign_in_page, axe
):
    page, staff = new_page(js=js), new_page(js=js)
    look = axe if js else lambda _page: None
    sign_in_page(page, ana)
    begin(page, call)
    go_on(page)
    summary = page.locator("[data-error-summary]")
    expect(summary.get_by_role("heading")).to_have_text("4 answers need your attention")
    look(page)
    if js:
        # What is put right while one types is no longer called wrong.
        page.get_by_label(TOPIC).fill("Wells that run dry.")
        expect(summary.get_by_role("heading")).to_have_text("3 answers need your attention")
        expect(page.locator(".field.has-error")).to_have_count(3)
    fill_in_the_first_part(page)
    if js:
        expect(summary).to_have_count(0)
    go_on(page)
    fill_in_the_second_part(page)
    if js:
        # A question that hangs on an answer comes with it, and goes.
        page.get_by_label("Yes", exact=True).check()
        expect(page.get_by_label(EXAMPLE)).to_be_visible()
        page.get_by_label("No", exact=True).check()
        expect(page.get_by_label(EXAMPLE)).to_have_count(0)
    go_on(page)
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Send the expression of interest").click()
    expect(page.get_by_role("heading", name="Your interest is sent")).to_be_visible()
    look(page)
    interest = Interest.objects.get()
    expect(page.get_by_text(interest.reference).first).to_be_visible()

    sign_in_page(staff, CoordinatorFactory())
    staff.goto(reverse("applications:staff_interests", args=[call.slug]))
    look(staff)
    staff.get_by_role("checkbox", name="Rijeka").check()
    staff.get_by_role("button", name="Invite…", exact=True).click()
    staff.get_by_label("Reason").fill("A clear problem.")
    look(staff)
    staff.get_by_role("button", name="Invite and send the mails").click()
    expect(staff.get_by_text("1 city is told by mail.")).to_be_visible()

    page.goto(reverse("applications:interest", args=[interest.pk]))
    expect(page.get_by_text("A clear problem.")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Start the full application").click()
    page.get_by_role("button", name="Start the application").click()
    expect(page.get_by_text("is filled in").first).to_be_visible()
    page.get_by_role("link", name="Your challenges").first.click()
    expect(page.get_by_label("What is the problem, and who feels it?")).to_have_value(
        "Wells that run dry.\n\nThere is least water when most is used."
    )
    assert Application.objects.get().organisation == interest.organisation


def test_pages_fit_a_narrow_screen(narrow_page, call, ana, sign_in_page, axe):
    sign_in_page(narrow_page, ana)
    begin(narrow_page, call)
    axe(narrow_page)
    narrow_page.goto(reverse("applications:interest", args=[Interest.objects.get().pk]))
    axe(narrow_page)
    sign_in_page(narrow_page, CoordinatorFactory())
    narrow_page.goto(reverse("applications:staff_interests", args=[call.slug]))
    axe(narrow_page)


def test_text_outlives_a_session_that_ends(page, call, ana, sign_in_page):
    sign_in_page(page, ana)
    begin(page, call)
    end_sessions()
    page.get_by_label(TOPIC).fill("Wells that run dry.")
    go_on(page)
    enter(page)
    expect(page.get_by_text("Wells that run dry.").first).to_be_visible()


def test_text_saves_itself_and_survives_a_closed_page(new_page, call, ana, sign_in_page):
    page = new_page()
    sign_in_page(page, ana)
    begin(page, call)
    page.get_by_label(TOPIC).fill("Wells that run dry.")
    interest = Interest.objects.get()
    wait_until(lambda: interest.response.answers.filter(value="Wells that run dry.").exists())
    page.close()
    again = new_page()
    sign_in_page(again, ana)
    again.goto(reverse("applications:interest_section", args=[interest.pk, "interest"]))
    expect(again.get_by_label(TOPIC)).to_have_value("Wells that run dry.")


def test_browser_dies_before_the_server_has_the_text(page, call, ana, sign_in_page):
    sign_in_page(page, ana)
    begin(page, call)
    address = page.url
    cut_off(page)
    page.get_by_label(TOPIC).fill("Wells that run dry.")
    again = killed(page)
    answers = Interest.objects.get().response.answers
    assert not answers.exists()
    connect_again(again)
    again.goto(address)
    expect(again.get_by_label(TOPIC)).to_have_value("Wells that run dry.")
    # It is saved by itself, as the notice says; then both the notice and the copy go.
    wait_until(lambda: answers.filter(value="Wells that run dry.").exists())
    wait_until(lambda: kept(again) == 0)
    expect(again.get_by_text(SAVING)).to_have_count(0)
    expect(again.get_by_text("Saved", exact=False).first).to_be_visible()


def test_who_comes_back_to_kept_text_sees_what_a_colleague_wrote_meanwhile(
    page, call, ana, sign_in_page
):
    sign_in_page(page, ana)
    begin(page, call)
    address = page.url
    cut_off(page)
    page.get_by_label(TOPIC).fill("Wells that run dry.")
    again = killed(page)
    interest = Interest.objects.get()
    editor = MembershipFactory(organisation=interest.organisation, role=MembershipRole.EDITOR).user
    answers = [("interest-topic", "Ferries and buses.", 0)]
    save_interest_section(interest=interest, answers=answers, by=editor)
    again.goto(address)
    expect(again.get_by_text(SAVING)).to_be_visible()
    expect(again.get_by_label(TOPIC)).to_have_value("Wells that run dry.")
    connect_again(again)
    go_on(again)
    expect(again.get_by_text("both changed this answer").first).to_be_visible()
    expect(again.get_by_text("Ferries and buses.").first).to_be_visible()


def test_two_who_write_the_same_answer_see_both(new_page, call, ana, sign_in_page):
    page = new_page(js=False)
    sign_in_page(page, ana)
    begin(page, call)
    interest = Interest.objects.get()
    editor = MembershipFactory(organisation=interest.organisation, role=MembershipRole.EDITOR).user
    answers = [("interest-topic", "Ferries and buses.", 0)]
    save_interest_section(interest=interest, answers=answers, by=editor)
    fill_in_the_first_part(page)
    go_on(page)
    expect(page.get_by_text("both changed this answer").first).to_be_visible()
    page.get_by_role("button", name="Use all of mine").click()
    wait_until(lambda: interest.response.answers.filter(value="Wells that run dry.").exists())
