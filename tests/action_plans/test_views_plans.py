import pytest
from django.urls import reverse

from action_plans.models import Plan
from action_plans.services import add_objective
from programme.organisations.states import MembershipRole
from questionnaires.services import load_templates
from tests.factories.accounts import AssessorFactory, CoordinatorFactory, ObserverFactory
from tests.factories.action_plans import MeasureFactory, PlanFactory
from tests.factories.pairings import RunningPairingFactory
from tests.factories.programme import MembershipFactory

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"action_plans:{name}", args=args)


@pytest.fixture
def plan():
    return PlanFactory()


@pytest.fixture
def lead(plan, sign_in):
    return sign_in(MembershipFactory(organisation=plan.member.organisation).user)


def test_start_gives_the_city_its_plan(sign_in):
    load_templates()
    member = RunningPairingFactory().members.first()
    client = sign_in(MembershipFactory(organisation=member.organisation).user)
    assert b"Start the plan" in client.get(url("mine")).content
    client.post(url("start", member.pk))
    page = client.post(url("start", member.pk), follow=True)
    assert Plan.objects.count() == 1
    assert b"0 of 19 required parts complete" in page.content


def test_start_is_for_authors_of_that_city(sign_in):
    member, partner = RunningPairingFactory().members.all()
    viewer = MembershipFactory(organisation=member.organisation, role=MembershipRole.VIEWER).user
    client = sign_in(viewer)
    assert b"A lead or editor of your team starts it." in client.get(url("mine")).content
    assert b"Only leads and editors" in client.post(url("start", member.pk), follow=True).content
    assert client.post(url("start", partner.pk)).status_code == 404
    assert not Plan.objects.exists()


def test_start_without_a_questionnaire_says_whom_to_ask(sign_in):
    member = RunningPairingFactory().members.first()
    client = sign_in(MembershipFactory(organisation=member.organisation).user)
    page = client.post(url("start", member.pk), follow=True)
    assert b"Ask the coordination unit" in page.content


def test_mine_without_a_plan_says_what_to_do(sign_in):
    page = sign_in(MembershipFactory().user).get(url("mine"))
    assert b"No action plan yet" in page.content


def test_mine_asks_who_is_not_signed_in(client):
    assert client.get(url("mine")).status_code == 302


@pytest.mark.parametrize("rows", [1, 3])
def test_mine_takes_the_same_queries_for_one_and_three(rows, plan, lead, django_assert_num_queries):
    organisation = plan.member.organisation
    for _ in range(rows - 1):
        organisation.slots.create(number=organisation.slots.count() + 1)
        pairing = RunningPairingFactory(
            organisations=[organisation, RunningPairingFactory().members.last().organisation]
        )
        PlanFactory(member=pairing.members.first())
    with django_assert_num_queries(6):
        page = lead.get(url("mine"))
    assert page.content.count(b"Your plan LAP") == rows


def test_overview_shows_progress_and_what_is_missing(plan, lead):
    MeasureFactory(plan=plan, code="A1.1", kind="pilot")
    add_objective(plan=plan, title="Another", by=None)
    text = lead.get(url("plan", plan.reference)).content.decode()
    assert "0 of 2 required parts complete" in text
    assert "The problem it solves is missing." in text
    assert "Objective of the action plan saved" in text


def test_history_lists_who_did_what(plan, lead):
    add_objective(plan=plan, title="Fewer cars", by=None)
    text = lead.get(url("history", plan.reference)).content.decode()
    assert "1. Fewer cars" in text
    assert "The portal" in text


def test_outsider_meets_a_plan_that_does_not_exist(plan, sign_in):
    client = sign_in(MembershipFactory().user)
    for name in ("plan", "history", "measures", "timeline", "objectives"):
        assert client.get(url(name, plan.reference)).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_staff_list_takes_the_same_queries_for_one_and_three(
    rows, sign_in, settings, django_assert_num_queries
):
    settings.DEMO = True
    client = sign_in(CoordinatorFactory())
    for _ in range(rows):
        PlanFactory()
    with django_assert_num_queries(8):
        page = client.get(url("staff_list"))
    assert page.content.count(b'<th scope="row">') == rows


def test_staff_read_plans_and_write_none(plan, sign_in, settings):
    settings.DEMO = True
    client = sign_in(ObserverFactory())
    assert plan.reference in client.get(url("staff_list")).content.decode()
    page = client.get(url("plan", plan.reference))
    assert b"You read this plan" in page.content
    assert client.post(url("section", plan.reference, "first"), {"why": "x"}).status_code == 403
    assert sign_in(AssessorFactory()).get(url("staff_list")).status_code == 403


def test_staff_list_names_the_pairings_whose_plans_could_not_be_opened(plan, sign_in, settings):
    settings.DEMO = True
    lacking = RunningPairingFactory()
    page = sign_in(CoordinatorFactory()).get(url("staff_list")).content.decode()
    notice = page.split("Running pairings without a plan")[1].split("</ul>")[0]
    assert lacking.reference in notice
    for pairing in (lacking, plan.member.pairing):
        for member in pairing.members.filter(plan=None):
            PlanFactory(member=member)
    page = sign_in(CoordinatorFactory()).get(url("staff_list")).content.decode()
    assert "Running pairings without a plan" not in page


def test_staff_list_without_plans_says_so(sign_in, settings):
    settings.DEMO = True
    assert b"No action plan yet" in sign_in(CoordinatorFactory()).get(url("staff_list")).content
