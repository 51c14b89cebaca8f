"""From receipt to letter in the browser: judged, ranked, prepared, released, put right."""

from collections import Counter
from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import expect

from applications.assessment.models import Correction, Letter, Release
from applications.bulk.models import BulkRun
from applications.models import Application
from core.jobs.services import run_job
from tests.factories.accounts import AssessorFactory, CoordinatorFactory, DeskFactory
from tests.factories.applications import (
    AssignmentFactory,
    EligibleApplicationFactory,
    SubmittedApplicationFactory,
)
from tests.factories.assessment import AssessmentPlanFactory, HandedInFactory
from tests.factories.outcomes import OutcomeFactory
from tests.factories.programme import (
    AssessmentCriterionFactory,
    ClosedCallFactory,
    CountryFactory,
    MembershipFactory,
    PartnerCountryFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 12
REASON = "The problem is told with figures, and the money is set aside."


@pytest.fixture(autouse=True)
def demo_signs_in(settings):
    # Spares staff the second factor.
    settings.DEMO = True


@pytest.fixture
def call():
    call = ClosedCallFactory()
    for title in ("Shared challenge", "Capacity to act"):
        AssessmentCriterionFactory(call=call, title=title)
    return call


@pytest.fixture
def enter(new_page, sign_in_page):
    def open_as(person, width=1280):
        page = new_page(width=width)
        sign_in_page(page, person)
        return page

    return open_as


def press(page, name):
    page.get_by_role("main").get_by_role("button", name=name).click()


def follow(page, name):
    page.get_by_role("main").get_by_role("link", name=name).first.click()


def heading(page, words):
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def declare(page, call, *links):
    """Declare one's interests, with a sentence for each name that is ticked."""
    page.goto(reverse("assessment:interests", args=[call.slug]))
    for name in links:
        page.get_by_label(name, exact=True).check()
        page.get_by_label(f"What links you with {name}").fill("I worked for it until 2024.")
    page.get_by_label("I have no link with the others").check()
    press(page, "Declare")


def test_assessor_with_a_link_reads_nothing_of_it(call, enter, axe):
    AssessmentPlanFactory(call=call)
    own, other = (EligibleApplicationFactory(call=call) for _ in range(2))
    assessor = AssessorFactory()
    for application in (own, other):
        AssignmentFactory(application=application, assessor=assessor, declared=False)
    page = enter(assessor)
    declare(page, call, own.organisation.name)
    page.goto(reverse("assessment:mine"))
    expect(page.get_by_text(other.organisation.name)).to_be_visible()
    expect(page.get_by_text(own.organisation.name)).to_have_count(0)
    axe(page)
    for name in ("assessment:score", "applications:staff_detail"):
        assert page.goto(reverse(name, args=[own.reference])).status == 404
        assert page.goto(reverse(name, args=[other.reference])).status == 200
    page.goto(reverse("applications:staff_list"))
    expect(page.get_by_text(own.reference)).to_have_count(0)


def test_desk_is_kept_out_of_another_region(call, enter):
    india, japan = PartnerCountryFactory(), CountryFactory(code="JP", name="Japan")
    theirs, foreign = (
        SubmittedApplicationFactory(call=call, partner_countries=[country])
        for country in (india, japan)
    )
    page = enter(DeskFactory(countries=[india]))
    page.goto(reverse("applications:staff_list"))
    expect(page.get_by_text(theirs.reference)).to_be_visible()
    expect(page.get_by_text(foreign.reference)).to_have_count(0)
    for name in ("applications:staff_detail", "applications:staff_why"):
        assert page.goto(reverse(name, args=[theirs.reference])).status == 200
        assert page.goto(reverse(name, args=[foreign.reference])).status == 404
    page.goto(reverse("applications:staff_list") + f"?q={foreign.reference}")
    expect(page.get_by_text(foreign.organisation.name)).to_have_count(0)


def test_many_are_decided_in_bulk_and_each_is_told_once(call, enter, axe):
    """Preview, progress and result; three hundred go through `tests/assessment/test_many.py`."""
    for _each in range(MANY):
        EligibleApplicationFactory(call=call, topic=False, partnership=False)
    page = enter(CoordinatorFactory())
    page.goto(f"{reverse('applications:staff_list')}?call={call.slug}")
    page.get_by_label(f"all {MANY} that match, on every page").check()
    press(page, "Decide…")
    page.get_by_label("Reserve list").check()
    page.get_by_label("Reason").fill(REASON)
    press(page, "See what changes")
    expect(page.get_by_text(f"{MANY} of {MANY} change.")).to_be_visible()
    axe(page)
    press(page, f"Change these {MANY}")
    # The page asks by itself how far the worker is.
    count = page.locator(".bulk-count")
    expect(count).to_contain_text(f"0 of {MANY}")
    axe(page)
    run_job(pk=BulkRun.objects.get().job_id)
    expect(count).to_contain_text(f"{MANY} done.")
    assert mail.outbox == []

    page.goto(reverse("assessment:release", args=[call.slug]))
    press(page, f"Release {MANY} letters")
    expect(page.get_by_text(f"0 of {MANY} told")).to_be_visible()
    run_job(pk=Release.objects.get().job_id)
    expect(page.get_by_text(f"{MANY} of {MANY} told")).to_be_visible()
    axe(page)
    assert Letter.objects.count() == MANY
    told = Counter((one.to[0], one.subject) for one in mail.outbox)
    assert (len(told), set(told.values())) == (2 * MANY, {1})


def test_wrong_refusal_is_put_right_by_two_people(call, enter, axe):
    outcome = OutcomeFactory(
        application=EligibleApplicationFactory(call=call), outcome="rejected", reason=REASON
    )
    application = outcome.application
    lead = MembershipFactory(organisation=application.organisation, role="lead").user
    first = enter(CoordinatorFactory())
    first.goto(reverse("assessment:release", args=[call.slug]))
    press(first, "Release 1 letter")
    run_job(pk=Release.objects.get().job_id)
    mail.outbox.clear()
    first.goto(reverse("applications:staff_detail", args=[application.reference]))
    follow(first, "Put the decision right")
    first.get_by_label("Reserve list").check()
    first.get_by_label("What went wrong?").fill("A score was typed as 0.5.")
    first.get_by_label("What the applicant reads").fill("One score was copied wrongly.")
    press(first, "Prepare the correction")
    first.wait_for_url("**/corrections/**")
    axe(first)
    expect(first.get_by_role("button", name="Confirm and send the letter")).to_have_count(0)
    assert mail.outbox == []
    second = enter(CoordinatorFactory())
    second.goto(reverse("assessment:correction", args=[Correction.objects.get().pk]))
    press(second, "Confirm and send the letter")
    expect(second.get_by_text("Put right; the applicant was told.")).to_be_visible()
    # The lead, and the two contacts that the application names.
    assert len(mail.outbox) == 3
    assert Letter.objects.count() == 2
    city = enter(lead)
    city.goto(reverse("applications:detail", args=[application.reference]))
    expect(city.get_by_text("One score was copied wrongly.")).to_be_visible()


def test_place_is_given_up_and_the_next_moves_up(call, enter, axe):
    AssessmentPlanFactory(call=call)
    criteria = list(call.criteria.all())
    found = {}
    for outcome, points in (("accepted", 5), ("reserve", 4), ("reserve", 3)):
        application = EligibleApplicationFactory(call=call)
        assignment = AssignmentFactory(application=application)
        HandedInFactory(assignment=assignment, scores=dict.fromkeys(criteria, Decimal(points)))
        OutcomeFactory(application=application, outcome=outcome)
        found[points] = application
    office = enter(CoordinatorFactory())
    office.goto(reverse("assessment:release", args=[call.slug]))
    press(office, "Release 3 letters")
    run_job(pk=Release.objects.get().job_id)

    leaving, following = found[5], found[4]
    lead = MembershipFactory(organisation=leaving.organisation, role="lead").user
    city = enter(lead, width=390)
    city.goto(reverse("applications:detail", args=[leaving.reference]))
    follow(city, "Give up our place")
    expect(city.get_by_role("button", name="Give up the place")).to_be_visible()
    axe(city)
    press(city, "Give up the place")
    heading_of_error = city.get_by_role("alert")
    expect(heading_of_error).to_be_focused()
    city.get_by_label("Why is the place given up?").fill("The council has stopped all travel.")
    press(city, "Give up the place")
    expect(city.get_by_text("The place is given up.").first).to_be_visible()

    office.goto(reverse("assessment:reserve", args=[call.slug]))
    axe(office)
    follow(office, f"Prepare the acceptance of {following.organisation.name}")
    office.get_by_label("Reason").fill("A place came free.")
    mail.outbox.clear()
    press(office, "Prepare the acceptance")
    expect(office.get_by_text("A place came free.").first).to_be_visible()
    assert mail.outbox == []
    follow(office, "Release 1 letter")
    press(office, "Release 1 letter")
    run_job(pk=Release.objects.latest("number").job_id)
    assert Application.objects.get(pk=following.pk).status == "accepted"
    assert len(mail.outbox) == 2
