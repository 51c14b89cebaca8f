"""From the applications of both sides to accepted pairs, on the board in the browser."""

import re

import pytest
from playwright.sync_api import expect

from applications.models import Challenge
from applications.states import Direction
from pairings.matching.models import Board
from pairings.models import Pairing
from pairings.services import answer_pairing
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import AcceptedApplicationFactory
from tests.factories.programme import (
    CallFactory,
    CountryFactory,
    MainTopicFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
    TopicFactory,
)
from tests.journeys.steps import press_keys

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 60
# So many pairs are ticked and confirmed together.
TICKED = 20


@pytest.fixture(autouse=True)
def demo_signs_in(settings):
    # Spares staff the second factor.
    settings.DEMO = True


@pytest.fixture
def call():
    """A call for both sides, with sixty chosen cities on each; no two say the same."""
    india, croatia = PartnerCountryFactory(), CountryFactory()
    call = CallFactory(
        partner_countries=[india], eligible_countries=[croatia], applicant_side="both"
    )
    topics = MainTopicFactory.create_batch(10)
    for topic in topics:
        TopicFactory(name=f"about {topic.name}").main_topics.add(topic)
    rows = []
    for number in range(MANY):
        for make, country, step in (
            (OrganisationFactory, croatia, 3),
            (PartnerOrganisationFactory, india, 7),
        ):
            city = make(country=country, capacity=1)
            MembershipFactory(organisation=city, role="lead")
            application = AcceptedApplicationFactory(call=call, organisation=city)
            rows += [
                Challenge(application=application, topic=topics[place % 10], direction=direction)
                for place, direction in (
                    (number, Direction.LEARN),
                    (number // 10 + number, Direction.SHARE),
                    (number * step + 1, Direction.SHARE),
                )
            ]
    Challenge.objects.bulk_create(rows, ignore_conflicts=True)
    return call


def press(page, name):
    page.get_by_role("main").get_by_role("button", name=name).first.click()


def on_board(call):
    return Board.objects.select_related("run").get(call=call).run


def answer(pairing, side, *, accept):
    member = pairing.members.get(side=side)
    lead = member.organisation.memberships.get(role="lead").user
    answer_pairing(member=member, accept=accept, reason="No staff.", by=lead)


def test_pairs_are_worked_out_changed_confirmed_and_answered(new_page, sign_in_page, call, axe):
    page = new_page()
    sign_in_page(page, CoordinatorFactory())
    page.goto(f"/staff/matching/{call.slug}/")
    press(page, "Work out the pairs")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Run 1")
    assert on_board(call).pairs == MANY
    weigh_otherwise(page)
    lock_and_forbid(page, call, axe)
    confirm_some(page, axe)
    decline_one(page, call)
    confirm_one(page, axe)


def weigh_otherwise(page):
    """Two weights make a run of their own, which is put on the board."""
    page.get_by_label("Languages", exact=True).fill("0")
    page.get_by_label("Shared topics", exact=True).fill("50")
    press(page, "Try these weights")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Run 2")
    press(page, "Put")
    expect(page.get_by_text("Since run 1:")).to_be_visible()


def lock_and_forbid(page, call, axe):
    """By keys: the first row, its alternatives, its lock; the next one is forbidden."""
    press_keys(page, "j", "a")
    expect(page.get_by_role("heading", name=re.compile("^Alternatives for"))).to_be_visible()
    axe(page)
    press_keys(page, "l")
    expect(page.get_by_role("button", name=re.compile("^Unlock")).first).to_be_visible()
    assert len(on_board(call).instance["locked"]) == 1
    press_keys(page, "j", "f")
    expect(page.get_by_text("1 ban.")).to_be_visible()
    run = on_board(call)
    assert (run.number, len(run.banned)) == (4, 1)
    page.get_by_role("link", name="Lay both side by side").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("side by side")
    page.go_back()


def confirm_some(page, axe):
    """Several are confirmed together; each says why in the words of its score."""
    for _row in range(TICKED):
        press_keys(page, "j", "x")
    expect(page.get_by_text(f"{TICKED} pairs selected")).to_be_visible()
    press(page, "Confirm them")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Confirm {TICKED} pairs")
    axe(page)
    press(page, "Confirm and invite")
    expect(page.get_by_text(f"{TICKED} pairs are proposed.")).to_be_visible()
    assert Pairing.objects.filter(reason__contains="both work on").count() == TICKED


def decline_one(page, call):
    """Its cities come back in the next run, without each other; both of another accept."""
    declined, accepted = Pairing.objects.order_by("pk")[:2]
    answer(declined, "partner", accept=False)
    for side in ("eu", "partner"):
        answer(accepted, side, accept=True)
    page.reload()
    expect(page.get_by_text("Some pairs came to nothing")).to_be_visible()
    press_keys(page, "r")
    expect(page.get_by_text("Run 5 is on the board")).to_be_visible()
    found = on_board(call)
    pairs = {(pair["left"], pair["right"]) for pair in found.result["pairs"]}
    slugs = tuple(member.organisation.slug for member in declined.members.order_by("order"))
    assert slugs not in pairs
    assert slugs[0] in {left for left, _right in pairs}
    assert found.pairs == MANY - TICKED + 1


def confirm_one(page, axe):
    """On its own page; once both have accepted, the board says so."""
    press_keys(page, "j", "Enter")
    expect(page.get_by_role("heading", name="What the score is made of")).to_be_visible()
    axe(page)
    press_keys(page, "c")
    expect(page.get_by_text("1 pair is proposed.")).to_be_visible()
    for side in ("eu", "partner"):
        answer(Pairing.objects.latest("pk"), side, accept=True)
    page.reload()
    expect(page.get_by_text("Accepted, to be signed").first).to_be_visible()
