"""Three short ways: documents put on file, an application passed on, two rows of a city merged."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.models import Application
from applications.services import offer_lead, take_offer_back
from programme.organisations.models import Organisation
from programme.organisations.services import merge_organisations
from programme.organisations.states import MembershipRole
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import (
    ApplicationFactory,
    GroupApplicationFactory,
    MunicipalityFactory,
)
from tests.factories.files import PDF
from tests.factories.programme import (
    CallDocumentFactory,
    CountryFactory,
    MembershipFactory,
    OrganisationFactory,
)
from tests.journeys.steps import end_sessions, enter, make_ana, press

pytestmark = pytest.mark.django_db(transaction=True)

scripts = pytest.mark.parametrize("js", [True, False], ids=["scripts", "no scripts"])
NOTE = "Our office for European projects closes."


@pytest.fixture(autouse=True)
def demo_portal(settings):
    """Staff of a demo need no second factor."""
    settings.DEMO = True


@pytest.fixture
def ana():
    return make_ana()


def a_file(name, content=PDF):
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def put_on_file(page):
    words = re.compile("Add this file|Replace the file")
    page.get_by_role("main").get_by_role("button", name=words).click()


@scripts
def test_document_is_refused_put_on_file_replaced_and_taken_away(
    new_page, ana, sign_in_page, axe, js
):
    asked = CallDocumentFactory(title="Council decision", key="council-decision")
    draft = ApplicationFactory(call=asked.call, response=None)
    MembershipFactory(user=ana, organisation=draft.organisation)
    page = new_page(js=js)
    look = axe if js else lambda _page: None
    sign_in_page(page, ana)
    page.goto(reverse("applications:documents", args=[draft.key]))
    look(page)
    file = page.get_by_label("File: Council decision")
    file.set_input_files(a_file("decision.pdf", b"no paper"))
    put_on_file(page)
    expect(page.locator("[data-error-summary]")).to_be_visible()
    look(page)
    file.set_input_files(a_file("decision.pdf"))
    put_on_file(page)
    expect(page.get_by_role("link", name="decision.pdf")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Replace Council decision").click()
    expect(page.get_by_text("It stays until another file has come in whole.")).to_be_visible()
    end_sessions()
    file.set_input_files(a_file("signed.pdf", PDF + b"\n"))
    put_on_file(page)
    enter(page)
    # A file is too much to keep; the page says so.
    expect(page.get_by_text("We cannot keep a file")).to_be_visible()
    press(page, "Go back and choose it again")
    file.set_input_files(a_file("signed.pdf", PDF + b"\n"))
    put_on_file(page)
    expect(page.get_by_role("link", name="signed.pdf")).to_be_visible()
    page.get_by_role("link", name="Remove Council decision").click()
    expect(page.get_by_role("button", name="Remove it")).to_be_visible()
    look(page)
    press(page, "Remove it")
    expect(file).to_be_visible()
    assert not draft.documents.exists()


@pytest.fixture
def group(ana):
    """A group that Ana leads; Konavle is in it, and has people."""
    group = GroupApplicationFactory()
    MembershipFactory(user=ana, organisation=group.organisation, role=MembershipRole.LEAD)
    konavle = MembershipFactory(
        organisation=OrganisationFactory(name="Konavle", country=group.organisation.country)
    )
    MunicipalityFactory(
        application=group, name="Konavle", country=group.organisation.country, is_lead=False
    )
    return group, konavle


def ask_konavle(page, group):
    page.goto(reverse("applications:pass_on", args=[group.key]))
    page.get_by_label("Konavle").check()
    page.get_by_label("A note to them").fill(NOTE)


@scripts
def test_group_is_passed_on_to_another_member(new_page, ana, group, sign_in_page, axe, js):
    application, konavle = group
    page, other = new_page(js=js), new_page(width=390, js=js)
    look = axe if js else lambda _page: None
    sign_in_page(page, ana)
    sign_in_page(other, konavle.user)
    page.goto(reverse("applications:pass_on", args=[application.key]))
    press(page, "Ask them to lead")
    expect(page.get_by_text("Choose who leads.").first).to_be_visible()
    look(page)
    ask_konavle(page, application)
    end_sessions()
    press(page, "Ask them to lead")
    enter(page)
    press(page, "Put my text back and go on")
    expect(page.get_by_label("A note to them")).to_have_value(NOTE)
    press(page, "Ask them to lead")
    expect(page.get_by_role("heading", name="Konavle is asked")).to_be_visible()
    look(page)

    sign_in_page(other, konavle.user)
    other.goto(reverse("applications:mine"))
    other.get_by_role("link", name="Read it, and accept or decline").click()
    expect(other.get_by_text(NOTE)).to_be_visible()
    press(other, "Send the answer")
    expect(other.get_by_text("Choose whether you lead.").first).to_be_visible()
    look(other)
    other.get_by_label("Yes, we lead").check()
    press(other, "Send the answer")
    expect(other.get_by_text("You lead the group now.")).to_be_visible()
    look(other)
    assert Application.objects.get().organisation == konavle.organisation


def test_answer_to_an_offer_taken_back_meanwhile_is_told(new_page, ana, group, sign_in_page, axe):
    application, konavle = group
    offer = offer_lead(
        application=application,
        municipality=application.municipalities.get(name="Konavle"),
        by=ana,
    )
    page = new_page()
    sign_in_page(page, konavle.user)
    page.goto(reverse("applications:lead_offer", args=[offer.pk]))
    page.get_by_label("Yes, we lead").check()
    take_offer_back(offer=offer, by=ana)
    press(page, "Send the answer")
    expect(page.get_by_text("This offer has been answered or taken back.").first).to_be_visible()
    axe(page)
    assert Application.objects.get().organisation == application.organisation


@pytest.fixture
def two():
    """Two rows of one city."""
    country = CountryFactory()
    return [OrganisationFactory(name=name, country=country) for name in ("Rijeka", "Grad Rijeka")]


def compare(page, stays, goes):
    page.goto(reverse("organisations:staff_organisation_merge", args=[stays.slug]))
    page.get_by_role("link", name=f"Compare {goes.name}").click()
    expect(page.get_by_role("heading", name="The same applicant: merge")).to_be_visible()


@scripts
def test_two_rows_of_a_city_are_merged(new_page, ana, two, sign_in_page, axe, js):
    stays, goes = two
    MembershipFactory(user=ana, organisation=goes, role=MembershipRole.LEAD)
    staff, page = new_page(js=js), new_page(js=js)
    look = axe if js else lambda _page: None
    sign_in_page(staff, CoordinatorFactory())
    compare(staff, stays, goes)
    look(staff)
    press(staff, "Merge the two")
    expect(staff.get_by_text("Write why they are the same.").first).to_be_visible()
    look(staff)
    staff.get_by_label("Why are they one?").fill("One city hall.")
    press(staff, "Merge the two")
    expect(staff.get_by_text("The two are one: Rijeka.")).to_be_visible()
    look(staff)
    assert Organisation.objects.get(pk=stays.pk).memberships.get().user == ana
    sign_in_page(page, ana)
    page.goto(reverse("homes:workspace"))
    expect(page.get_by_text("Rijeka").first).to_be_visible()
    expect(page.get_by_text("Grad Rijeka")).to_have_count(0)


def test_who_merges_what_a_colleague_has_merged_meanwhile_is_told(new_page, two, sign_in_page, axe):
    stays, goes = two
    page = new_page()
    sign_in_page(page, CoordinatorFactory())
    compare(page, stays, goes)
    page.get_by_label("Why are they one?").fill("One city hall.")
    merge_organisations(
        stays=stays, goes=goes, picks={}, reason="A double.", by=CoordinatorFactory()
    )
    press(page, "Merge the two")
    expect(page.get_by_text("Choose one of these organisations.").first).to_be_visible()
    axe(page)
