"""What a city owes to its plan."""

import datetime as dt

import pytest

from action_plans.duties import plan_sections
from action_plans.services import open_plan, reopen_plan_section
from core.duties.catalogue import Ask, find_again, key_of
from core.duties.models import Touch
from core.kit.days import end_of
from programme.calls.states import MilestoneKind
from questionnaires.models import SectionMark
from tests.factories.accounts import CoordinatorFactory
from tests.factories.action_plans import PlanFactory
from tests.factories.pairings import MilestoneFactory
from tests.factories.questionnaires import TemplateVersionFactory

pytestmark = pytest.mark.django_db

DAY = dt.date(2027, 3, 31)


def asked(**parts):
    return list(plan_sections.find(Ask(**parts)))


@pytest.fixture
def plan():
    return PlanFactory()


def mark(plan, *keys):
    for section in plan.response.version.sections.filter(key__in=keys):
        SectionMark.objects.create(response=plan.response, section=section)


def goal(plan, **fields):
    fields = {"kind": MilestoneKind.PLAN_SECTION, "due_on": DAY, **fields}
    return MilestoneFactory(pairing=plan.member.pairing, **fields)


def test_plan_without_a_milestone_has_no_date(plan):
    MilestoneFactory(pairing=plan.member.pairing, kind=MilestoneKind.EVENT)

    (duty,) = asked()

    assert (duty.about, duty.due) == (key_of(plan), None)
    assert asked(due_until=end_of(DAY)) == []


def test_plan_is_due_at_each_milestone_that_asks_for_it(plan):
    first, second = goal(plan), goal(plan, due_on=DAY + dt.timedelta(days=90))
    goal(plan, done_at=end_of(DAY))

    assert [duty.about for duty in asked()] == [key_of(first), key_of(second)]
    assert [duty.about for duty in asked(due_until=end_of(DAY))] == [key_of(first)]
    assert [duty.about for duty in asked(about={key_of(second)})] == [key_of(second)]
    for thing in (plan, plan.member.pairing, plan.member.organisation):
        assert len(asked(about={key_of(thing)})) == 2
    assert len(asked(owners={key_of(plan.member.organisation)})) == 2
    assert asked(owners={"organisation:0"}) == []


def test_words_lead_to_the_first_open_section(plan):
    (duty,) = asked()
    assert duty.page == f"/plans/{plan.reference}/sections/first/"
    assert duty.words.title == "Finish section First"
    assert duty.words.text == "One more section is not marked as done."
    assert duty.words.state == "To write"

    mark(plan, "first")
    (duty,) = asked()
    assert duty.page == f"/plans/{plan.reference}/sections/second/"
    assert duty.words.text == "It is the last one that is not marked as done."
    assert duty.words.state == "In progress"
    assert [section.key for section in duty.facts()["sections"]] == ["second"]


def test_plan_is_done_with_its_last_required_section(plan):
    key = asked()[0].key
    plan.response.version.sections.filter(key="second").update(required=False)
    mark(plan, "first")

    assert asked() == []
    assert [duty.key for duty in asked(done=True)] == [key]
    assert find_again(key).done


def test_plan_of_a_pairing_that_is_over_is_owed_by_nobody(plan):
    plan.member.pairing.mark_completed()
    plan.member.pairing.save()

    assert asked() == []


def test_staff_find_what_they_see(plan):
    assert len(asked(reader=CoordinatorFactory())) == 1


def test_plan_is_touched_when_it_opens_and_when_a_section_opens_again(plan):
    TemplateVersionFactory(template__key="local-action-plan")
    mark(plan, "first")
    reopen_plan_section(plan=plan, section_key="first", by=None)
    other = plan.member.pairing.members.exclude(pk=plan.member_id).get()
    opened = open_plan(member=other, by=None)

    assert [touch.about for touch in Touch.objects.order_by("pk")] == [
        key_of(plan),
        key_of(opened),
    ]
