import datetime as dt
from decimal import Decimal

import pytest

from action_plans.models import Measure, Plan
from action_plans.selectors import (
    fitting,
    measure_rows,
    members_without_plan,
    missing_for_review,
    money_of,
    overview,
    plan_for,
    plans_of,
    totals,
)
from action_plans.states import FundingStatus as F
from action_plans.states import MeasureKind
from programme.organisations.states import MembershipRole
from programme.states import GoalFramework
from tests.factories.accounts import (
    AssessorFactory,
    CoordinatorFactory,
    DeskFactory,
    ObserverFactory,
    UserFactory,
)
from tests.factories.action_plans import (
    FundingLineFactory,
    MeasureFactory,
    ObjectiveFactory,
    PlanFactory,
)
from tests.factories.pairings import RunningPairingFactory
from tests.factories.programme import GoalFactory, MembershipFactory

D = Decimal


def test_gap_is_cost_less_funding():
    money = money_of(
        "EUR", D(420), [(F.SECURED, D(180)), (F.APPLIED, D(120)), (F.PLANNED, D("59.50"))]
    )
    assert (money.funded, money.gap, money.gap_percent) == (D("359.50"), D("60.50"), 14)
    assert money.sentence == "Secured €180, applied for €120, planned €59.50, gap €60.50"


def test_gap_is_none_without_a_cost_and_zero_with_too_much_money():
    assert money_of("EUR", None, [(F.PLANNED, D(5))]).gap is None
    rich = money_of("EUR", D(5), [(F.PLANNED, D(7))])
    assert (rich.gap, rich.surplus) == (D(0), D(2))
    assert money_of("EUR", D(0), []).gap_percent is None


def test_missing_for_review_asks_viability_of_a_pilot_alone():
    whole = {
        "problem": "x",
        "description": "x",
        "lead_body": "x",
        "start_date": dt.date(2027, 1, 1),
        "end_date": dt.date(2027, 2, 1),
        "cost_total": D(0),
    }
    assert missing_for_review(Measure(**whole), []) == []
    assert missing_for_review(Measure(**whole, kind=MeasureKind.PILOT), []) == [
        "Economic viability is missing."
    ]
    assert missing_for_review(Measure(**whole | {"cost_total": D(5)}), []) == [
        "Nobody pays yet: name a source."
    ]
    assert len(missing_for_review(Measure(kind=MeasureKind.PILOT), [])) == 6


@pytest.mark.django_db
def test_totals_add_each_currency_apart():
    plan = PlanFactory()
    for currency, cost, paid in (("EUR", 100, 40), ("EUR", 50, 80), ("INR", 900, 900)):
        measure = MeasureFactory(plan=plan, currency=currency, cost_total=cost)
        FundingLineFactory(measure=measure, amount=paid, status=F.SECURED)
    euro, rupee = totals(measure_rows(plan))
    # Too much money for one measure does not fill the gap of another.
    assert (euro.cost, euro.secured, euro.gap) == (D(150), D(120), D(60))
    assert (rupee.currency, rupee.gap) == ("INR", D(0))


@pytest.mark.django_db
def test_measure_rows_filter():
    plan = PlanFactory()
    park = MeasureFactory(plan=plan, title="Łódź line", cost_total=5)
    pilot = MeasureFactory(plan=plan, title="Ferry", kind=MeasureKind.PILOT)
    assert [r.measure for r in fitting(measure_rows(plan), search="lodz")] == [park]
    assert [r.measure for r in fitting(measure_rows(plan), kind="pilot")] == [pilot]
    assert [r.measure for r in fitting(measure_rows(plan), only_gap=True)] == [park]
    assert not fitting(measure_rows(plan), search="nothing")


@pytest.mark.django_db
def test_measure_row_names_goals_and_state():
    plan = PlanFactory()
    measure = MeasureFactory(plan=plan)
    measure.goals.add(GoalFactory(framework=GoalFramework.SDG, code="11", title="Cities"))
    measure.goals.add(GoalFactory(framework=GoalFramework.URBAN_AGENDA, code="1"))
    (row,) = measure_rows(plan)
    assert row.sdgs == [("11", "Cities")]
    assert (row.label, row.tone) == ("Incomplete", "warning")


@pytest.fixture
def world(db):
    """A plan, with a person of each role: name -> person."""
    plan = PlanFactory()
    own, partner = (m.organisation for m in plan.member.pairing.members.all())
    people = {
        "lead": MembershipFactory(organisation=own, role=MembershipRole.LEAD).user,
        "editor": MembershipFactory(organisation=own, role=MembershipRole.EDITOR).user,
        "viewer": MembershipFactory(organisation=own, role=MembershipRole.VIEWER).user,
        "partner": MembershipFactory(organisation=partner, role=MembershipRole.LEAD).user,
        "stranger": MembershipFactory(role=MembershipRole.LEAD).user,
        "nobody": UserFactory(),
        "coordinator": CoordinatorFactory(),
        "observer": ObserverFactory(),
        "desk": DeskFactory(countries=[partner.country]),
        "other_desk": DeskFactory(),
        "assessor": AssessorFactory(),
    }
    return plan, people


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("lead", True, True),
        ("editor", True, True),
        ("viewer", True, False),
        ("partner", True, False),
        ("coordinator", True, False),
        ("observer", True, False),
        ("desk", True, False),
        ("other_desk", False, False),
        ("assessor", False, False),
        ("stranger", False, False),
        ("nobody", False, False),
    ],
)
def test_who_reads_and_writes_a_plan(world, role, reads, writes):
    plan, people = world
    person = people[role]
    assert (plan_for(person, plan.reference) == plan) is reads
    assert person.has_perm("action_plans.edit_plan", plan) is writes
    if reads:
        assert list(Plan.objects.visible_to(person)) == [plan]


def test_plans_of_puts_the_own_first(world):
    plan, people = world
    partner_member = plan.member.pairing.members.last()
    other = PlanFactory(member=partner_member)
    assert [(r.plan, r.is_own) for r in plans_of(people["lead"])] == [(plan, True), (other, False)]
    assert [(r.plan, r.is_own) for r in plans_of(people["partner"])] == [
        (other, True),
        (plan, False),
    ]
    assert plans_of(people["stranger"]) == []
    row = plans_of(people["lead"])[0]
    assert (row.done, row.total, row.measures, row.last_saved) == (0, 2, 0, None)


@pytest.mark.django_db
def test_members_without_plan_are_those_of_running_pairings():
    pairing = RunningPairingFactory()
    first, second = pairing.members.all()
    user = MembershipFactory(organisation=first.organisation).user
    assert list(members_without_plan(user)) == [first]
    PlanFactory(member=second)
    assert list(members_without_plan(user)) == [first]
    PlanFactory(member=first)
    assert not members_without_plan(user).exists()


@pytest.mark.django_db
def test_overview_knows_the_neighbours():
    whole = overview(PlanFactory())
    before, here, after = whole.around("first")
    assert (before, here.key, after.key) == (None, "first", "second")
    assert (whole.done, whole.total, whole.left) == (0, 2, 2)
    with pytest.raises(KeyError):
        whole.around("third")


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_measure_rows_always_take_three_queries(rows, django_assert_num_queries):
    plan = PlanFactory()
    objective = ObjectiveFactory(plan=plan)
    for _ in range(rows):
        FundingLineFactory(measure=MeasureFactory(plan=plan, objective=objective))
    with django_assert_num_queries(3):
        assert len(measure_rows(plan)) == rows
