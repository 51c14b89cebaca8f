"""Two ways into an application, as people go them: a city claimed, and a group that commits online.

Each with scripts and without, with a session that ends on the way, a browser that dies, and
somebody else who is first.
"""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.models import Commitment, Municipality
from applications.services import invite_online, save_applicant
from programme.organisations.models import Claim
from programme.organisations.services import grant_claim
from programme.organisations.states import ClaimState, MembershipRole
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import ApplicationFactory, MunicipalityFactory
from tests.factories.programme import MembershipFactory, OrganisationFactory
from tests.infra.waiting import wait_until
from tests.journeys.steps import (
    BACK,
    end_sessions,
    enter,
    kept,
    killed,
    link_in,
    make_ana,
    press,
)

pytestmark = pytest.mark.django_db(transaction=True)

NOTE = "Our letters carry the old name of the office."


@pytest.fixture
def ana(settings):
    settings.DEMO = True
    return make_ana()


def find_and_ask(page):
    page.goto(reverse("organisations:find"))
    page.get_by_label("Name of your city").fill("Sibenik")
    page.get_by_role("main").get_by_role("button", name="Find").click()
    page.get_by_role("link", name="This is my city").click()


def fill_in_the_claim(page):
    page.get_by_label("What do you do there?").fill("Head of European projects")
    page.get_by_label("Official address of your office").fill("Trg 1, Šibenik")
    page.get_by_label("Anything they should know?").fill(NOTE)


def send_the_claim(page):
    page.get_by_role("button", name="Ask to speak for this city").click()


@pytest.mark.parametrize("js", [True, False], ids=["scripts", "no scripts"])
def test_city_of_the_register_is_claimed_and_let_in(js, new_page, ana, sign_in_page, axe):
    organisation = OrganisationFactory(name="City of Šibenik")
    page, staff = new_page(js=js), new_page(js=js)
    sign_in_page(page, ana)

    find_and_ask(page)
    send_the_claim(page)
    expect(page.get_by_text("Write what you do there").first).to_be_visible()
    axe(page) if js else None
    fill_in_the_claim(page)
    send_the_claim(page)
    expect(page.get_by_text("The coordination unit has your request.")).to_be_visible()
    claim = Claim.objects.get()
    assert (claim.organisation, claim.person, claim.words) == (organisation, ana, NOTE)

    sign_in_page(staff, CoordinatorFactory())
    staff.goto(reverse("organisations:staff_claims"))
    staff.get_by_role("link", name="City of Šibenik").first.click()
    staff.get_by_role("button", name="Let them in").click()
    assert organisation.memberships.get().role == MembershipRole.LEAD
    page.goto(reverse("homes:workspace"))
    expect(page.get_by_text("City of Šibenik").first).to_be_visible()


def test_claim_outlives_a_browser_that_dies_and_a_session_that_ends(new_page, ana, sign_in_page):
    OrganisationFactory(name="City of Šibenik")
    page = new_page()
    sign_in_page(page, ana)
    find_and_ask(page)
    address = page.url
    fill_in_the_claim(page)
    # The window is gone, what it kept is on the disk; the session ends meanwhile.
    again = killed(page)
    end_sessions()
    again.goto(address)
    enter(again)
    expect(again.get_by_text(BACK)).to_be_visible()
    expect(again.get_by_label("Anything they should know?")).to_have_value(NOTE)
    # Once more it ends, now as the button is pressed.
    end_sessions()
    send_the_claim(again)
    enter(again)
    expect(again.get_by_text("Welcome back. Your text is here.")).to_be_visible()
    press(again, "Put my text back and go on")
    expect(again.get_by_label("Anything they should know?")).to_have_value(NOTE)
    assert not Claim.objects.exists()
    send_the_claim(again)
    expect(again.get_by_text("The coordination unit has your request.")).to_be_visible()
    assert Claim.objects.get().words == NOTE


def test_who_claims_a_city_that_somebody_else_got_first_asks_that_person(
    new_page, ana, sign_in_page
):
    organisation = OrganisationFactory(name="City of Šibenik")
    page = new_page()
    sign_in_page(page, ana)
    find_and_ask(page)
    fill_in_the_claim(page)
    lead = MembershipFactory(organisation=organisation, role=MembershipRole.LEAD).user
    send_the_claim(page)
    expect(page.get_by_text("Its lead has your request.")).to_be_visible()
    claim = Claim.objects.get()
    assert claim.state == ClaimState.ASKED
    grant_claim(claim=claim, by=lead, role=MembershipRole.EDITOR)
    assert organisation.memberships.get(user=ana).role == MembershipRole.EDITOR


@pytest.fixture
def group(ana):
    """A group that Ana leads, with Konavle in it."""
    application = ApplicationFactory(kind="group", response=None)
    MembershipFactory(user=ana, organisation=application.organisation, role=MembershipRole.LEAD)
    MunicipalityFactory(
        application=application,
        name="Konavle",
        country=application.organisation.country,
        is_lead=False,
    )
    return application


def commit(office):
    """Fill in what the office's page asks beside a name, and bind the municipality."""
    office.get_by_label("Your office").fill("Head of the municipality")
    for box in office.get_by_role("checkbox").all():
        box.check()
    office.get_by_role("button", name="Commit the municipality").click()


@pytest.mark.parametrize("js", [True, False], ids=["scripts", "no scripts"])
def test_member_of_a_group_commits_online(js, new_page, group, ana, sign_in_page, axe, mailoutbox):
    page, office = new_page(js=js), new_page(js=js)
    sign_in_page(page, ana)
    page.goto(reverse("applications:applicant", args=[group.key]))
    page.get_by_role("link", name="Invite to commit online").click()
    page.get_by_label("E-mail").fill("office@konavle.example")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("office@konavle.example").first).to_be_visible()

    office.goto(link_in(mailoutbox[-1], "commitments"))
    assert not Commitment.objects.exists(), "Opening the page binds nobody."
    office.get_by_role("button", name="Commit the municipality").click()
    expect(office.get_by_role("alert").first).to_be_visible()
    axe(office) if js else None
    office.get_by_label("Your name").fill("Marin Radić")
    commit(office)
    expect(office.get_by_role("heading", level=1)).to_contain_text("Konavle has committed")
    office.reload()
    expect(office.get_by_role("heading", level=1)).to_contain_text("Konavle has committed")
    assert Commitment.objects.get().signed_by_name == "Marin Radić"
    page.reload()
    expect(page.get_by_text("Marin Radić").first).to_be_visible()


def test_invitation_and_commitment_outlive_a_session_and_a_browser(
    new_page, group, ana, sign_in_page, mailoutbox
):
    page, office = new_page(), new_page()
    sign_in_page(page, ana)
    konavle = group.municipalities.get(name="Konavle")
    page.goto(reverse("applications:commitment_invite", args=[group.key, konavle.pk]))
    end_sessions()
    page.get_by_label("E-mail").fill("office@konavle.example")
    press(page, "Send the invitation")
    enter(page)
    press(page, "Put my text back and go on")
    assert not mailoutbox
    press(page, "Send the invitation")
    expect(page.get_by_text("office@konavle.example").first).to_be_visible()

    link = link_in(mailoutbox[-1], "commitments")
    office.goto(link)
    office.get_by_label("Your name").fill("Marin Radić")
    again = killed(office)
    again.goto(link)
    expect(again.get_by_text(BACK)).to_be_visible()
    expect(again.get_by_label("Your name")).to_have_value("Marin Radić")
    assert not Commitment.objects.exists()
    # The link is all that an office needs.
    end_sessions()
    commit(again)
    expect(again.get_by_role("heading", level=1)).to_contain_text("Konavle has committed")
    commitment = Commitment.objects.get()
    assert (commitment.municipality, commitment.signed_by_name) == (konavle, "Marin Radić")
    wait_until(lambda: kept(again) == 0)


def test_office_that_comes_after_its_municipality_was_taken_out_is_told(
    new_page, group, ana, mailoutbox
):
    konavle = Municipality.objects.get(name="Konavle")
    invite_online(asked=konavle, email="office@konavle.example", by=ana)
    office = new_page()
    office.goto(link_in(mailoutbox[-1], "commitments"))
    expect(office.get_by_role("button", name="Commit the municipality")).to_be_visible()
    konavle.delete()
    save_applicant(
        application=group, kind="single", exception_reason="", read_version=group.version, by=ana
    )
    office.get_by_label("Your name").fill("Marin Radić")
    commit(office)
    expect(office.get_by_role("heading", level=1)).to_contain_text("commits nobody any more")
    assert not Commitment.objects.exists()
