"""A partner city applies: the rules, questions and wishes of its side, with scripts and without."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.models import Application
from programme.calls.states import ApplicantSide
from questionnaires.models import Answer
from questionnaires.services import load_templates, write_answers
from questionnaires.states import Purpose
from tests.factories.programme import (
    CallFactory,
    CountryFactory,
    MainTopicFactory,
    MembershipFactory,
    PartnerOrganisationFactory,
)
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
    press,
)

pytestmark = pytest.mark.django_db(transaction=True)

POWERS = "What may your city decide on this topic"
WORDS = "The wells are dry from February to June."


@pytest.fixture
def lead():
    return MembershipFactory(organisation=PartnerOrganisationFactory(name="Panaji")).user


@pytest.fixture
def call():
    topic = MainTopicFactory(name="Water")
    call = CallFactory(applicant_side=ApplicantSide.BOTH, themes=[topic.theme])
    loaded = load_templates()
    for purpose, key in (
        (Purpose.APPLICATION, "application-city-to-city"),
        (Purpose.PARTNER_APPLICATION, "application-partner-side"),
    ):
        call.questionnaires.create(purpose=purpose, version=loaded[key])
    return call


def begin(page, call):
    """Go from "Can my city apply?" to the list of tasks."""
    page.goto(reverse("showcase:check", args=[call.slug]), wait_until="networkidle")
    page.get_by_label("One city").check()
    page.locator("input[name=name]").fill("Panaji")
    page.get_by_label("Country").select_option("India")
    press(page, "Check")
    expect(page.get_by_role("heading", name="Yes, Panaji can apply")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Start application").click()
    press(page, "Start the application")
    expect(page.get_by_role("heading", name=call.title)).to_be_visible()
    return Application.objects.get()


def fill_in(page):
    """Answer all that a page of questions shows."""
    main = page.get_by_role("main")
    for field in main.locator("textarea:visible").all():
        field.fill(WORDS)
    for field in main.locator("input[type=text]:visible").all():
        field.fill("12" if field.get_attribute("inputmode") == "numeric" else "Mayor")
    for group in main.locator("fieldset:visible").all():
        choices = group.locator("input[type=radio], input[type=checkbox]")
        no = group.get_by_label("No", exact=True)
        if no.count():
            no.check()
        elif choices.count():
            choices.first.check()


def fill_in_questions(page, application):
    for section in application.response.version.sections.all():
        page.goto(reverse("applications:section", args=[application.key, section.key]))
        fill_in(page)
        press(page, "Save and continue")
        expect(page).not_to_have_url(re.compile(f"/sections/{section.key}/"))


def fill_in_the_rest(page, application):
    key = application.key
    page.goto(reverse("applications:contacts", args=[key]))
    page.locator("#id_deputy_name").fill("Ravi Naik")
    page.locator("#id_deputy_email").fill("ravi@panaji.example")
    page.locator("#id_signatory_name").fill("Mayor of Panaji")
    press(page, "Save and continue")
    page.goto(reverse("applications:stakeholders", args=[key]))
    page.locator("select[name=kind]").select_option(index=1)
    page.locator("input[name=name]").fill("Goa University")
    page.locator("textarea[name=role]").fill("Measures the wells.")
    press(page, "Add")
    # With scripts and without, the focus is on what was added.
    expect(page.get_by_role("article", name="Goa University")).to_be_focused()
    page.goto(reverse("applications:preferences", args=[key]))
    page.get_by_role("main").get_by_role("checkbox").first.check()
    page.get_by_label("Croatia").check()
    press(page, "Save and continue")
    page.goto(reverse("applications:profile", args=[key]))
    page.get_by_label("Topic to learn about").select_option("Water")
    page.get_by_role("main").get_by_role("button", name="Add, up to 5").first.click()
    expect(page.get_by_role("main").get_by_role("heading", name="Water")).to_be_visible()
    expect(page.get_by_role("radio", name="much")).to_be_focused()
    page.locator("button[value^='remove:challenges']").click()
    expect(page.get_by_label("Topic to learn about")).to_be_focused()
    page.get_by_label("Topic to learn about").select_option("Water")
    page.get_by_role("main").get_by_role("button", name="Add, up to 5").first.click()
    expect(page.get_by_role("main").get_by_role("heading", name="Water")).to_be_visible()


def send(page, application):
    page.goto(reverse("applications:check", args=[application.key]))
    main = page.get_by_role("main")
    for box in main.get_by_role("checkbox").all():
        box.check()
    press(page, "Send the application")
    expect(main).to_contain_text(f"{application.call.code}-0001")


@pytest.mark.parametrize("js", [True, False], ids=["scripts", "no scripts"])
def test_partner_city_applies(new_page, sign_in_page, axe, call, lead, js):
    page = new_page(js=js)
    sign_in_page(page, lead)
    application = begin(page, call)
    page.goto(reverse("applications:applicant", args=[application.key]))
    main = page.get_by_role("main")
    expect(main).to_contain_text("No number of inhabitants is asked of you.")
    if js:
        axe(page)
    fill_in_questions(page, application)
    fill_in_the_rest(page, application)
    send(page, application)
    application.refresh_from_db()
    assert application.status == "submitted"
    [country] = application.partner_countries.all()
    assert country == CountryFactory()
    assert application.submissions.get().rules["side"] == "partner"


def test_text_saves_itself_and_is_there_in_another_browser(new_page, sign_in_page, call, lead):
    page = new_page()
    sign_in_page(page, lead)
    application = begin(page, call)
    powers = reverse("applications:section", args=[application.key, "powers"])
    page.goto(powers)
    page.get_by_label(POWERS).fill(WORDS)
    wait_until(lambda: Answer.objects.filter(response=application.response).exists())
    page.context.close()
    page = new_page(js=False)
    sign_in_page(page, lead)
    page.goto(powers)
    expect(page.get_by_label(POWERS)).to_have_value(WORDS)


def test_browser_dies_before_the_server_has_the_text(new_page, sign_in_page, call, lead):
    page = new_page()
    sign_in_page(page, lead)
    application = begin(page, call)
    powers = reverse("applications:section", args=[application.key, "powers"])
    page.goto(powers)
    cut_off(page)
    page.get_by_label(POWERS).fill(WORDS)
    again = killed(page)
    assert not Answer.objects.exists()
    again.goto(powers)
    expect(again.get_by_text(SAVING)).to_be_visible()
    expect(again.get_by_label(POWERS)).to_have_value(WORDS)
    connect_again(again)
    fill_in(again)
    press(again, "Save and continue")
    wait_until(lambda: Answer.objects.filter(response=application.response, value=WORDS).exists())
    wait_until(lambda: kept(again) == 0)


def test_somebody_else_wrote_the_same_answer_first(new_page, sign_in_page, call, lead):
    page = new_page(js=False)
    sign_in_page(page, lead)
    application = begin(page, call)
    page.goto(reverse("applications:section", args=[application.key, "powers"]))
    write_answers(
        response=application.response,
        answers=[("powers-topic", "The state decides.", 0)],
        by=lead,
    )
    page.get_by_label(POWERS).fill("The city decides.")
    press(page, "Save and continue")
    main = page.get_by_role("main")
    # What differs is marked word by word.
    expect(page).to_have_title(re.compile("Two versions"))
    for word in ("state", "city"):
        expect(main).to_contain_text(word)
    assert Answer.objects.get(response=application.response).value == "The state decides."


@pytest.mark.parametrize("js", [True, False], ids=["scripts", "no scripts"])
def test_session_ends_while_a_partner_city_writes(new_page, sign_in_page, call, js):
    ana = make_ana()
    MembershipFactory(user=ana, organisation=PartnerOrganisationFactory(name="Panaji"))
    page = new_page(js=js)
    sign_in_page(page, ana)
    application = begin(page, call)
    page.goto(reverse("applications:section", args=[application.key, "powers"]))
    end_sessions()
    page.get_by_label(POWERS).fill(WORDS)
    press(page, "Save and continue")
    enter(page)
    press(page, "Put my text back and go on")
    expect(page.get_by_label(POWERS)).to_have_value(WORDS)
    press(page, "Save and continue")
    wait_until(lambda: Answer.objects.filter(response=application.response, value=WORDS).exists())
