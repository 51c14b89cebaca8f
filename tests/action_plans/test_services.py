import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from action_plans.models import Measure, Plan
from action_plans.services import (
    MeasureData,
    add_objective,
    mark_section_done,
    open_plan,
    open_plans_for,
    remove_measure,
    remove_objective,
    rename_objective,
    reopen_plan_section,
    save_measure,
    save_section_answer,
    save_section_answers,
)
from action_plans.states import PlanStatus
from core.kit.errors import InvalidError, NotAllowedError, StaleError, WrongStateError
from core.trail.models import AuditEvent
from pairings.models import Pairing
from pairings.states import PairingStatus
from programme.organisations.states import MembershipRole
from questionnaires.services import attach_questionnaire, load_templates
from questionnaires.states import Purpose
from tests.factories.action_plans import MeasureFactory, ObjectiveFactory, PlanFactory
from tests.factories.pairings import AcceptedPairingFactory, RunningPairingFactory
from tests.factories.programme import MembershipFactory
from tests.factories.questionnaires import TemplateVersionFactory

pytestmark = pytest.mark.django_db


def member_of(organisation, role=MembershipRole.EDITOR):
    return MembershipFactory(organisation=organisation, role=role).user


@pytest.fixture
def plan():
    return PlanFactory()


@pytest.fixture
def editor(plan):
    return member_of(plan.member.organisation)


def test_open_plan_once_however_often_it_is_asked():
    version = load_templates()["local-action-plan"]
    member = RunningPairingFactory().members.first()
    by = member_of(member.organisation)
    plan = open_plan(member=member, by=by)
    assert open_plan(member=member, by=by) == plan
    assert plan.reference.startswith("LAP-")
    assert plan.response.version == version
    assert AuditEvent.objects.filter(verb="plan.opened").count() == 1


def test_open_plan_takes_the_version_of_its_call():
    load_templates()
    member = RunningPairingFactory().members.first()
    version = TemplateVersionFactory()
    attach_questionnaire(call=member.pairing.call, purpose=Purpose.PLAN, version=version)
    assert open_plan(member=member, by=None).response.version == version


def test_open_plan_is_refused():
    member = AcceptedPairingFactory().members.first()
    with pytest.raises(WrongStateError, match="signed"):
        open_plan(member=member, by=None)
    running = RunningPairingFactory().members.first()
    with pytest.raises(NotAllowedError):
        open_plan(member=running, by=member_of(running.organisation, MembershipRole.VIEWER))
    with pytest.raises(WrongStateError, match="no published questionnaire"):
        open_plan(member=running, by=None)


def test_open_plans_for_gives_each_city_its_own():
    load_templates()
    pairing = RunningPairingFactory()
    plans = open_plans_for(pairing=pairing)
    assert open_plans_for(pairing=pairing) == plans
    assert {plan.member_id for plan in plans} == {m.pk for m in pairing.members.all()}
    assert Plan.objects.count() == 2


def write(plan, by, text="So.", version=0):
    return save_section_answers(
        plan=plan, section_key="first", answers=[("why", text, version)], by=by
    )


def test_writing_is_recorded_once_a_sitting(plan, editor):
    with time_machine.travel(dt.datetime(2026, 5, 4, 9, tzinfo=dt.UTC), tick=False):
        write(plan, editor)
        write(plan, editor, "So, then.", 1)
        write(plan, editor, "So, then.", 2)
    with time_machine.travel(dt.datetime(2026, 5, 4, 10, tzinfo=dt.UTC), tick=False):
        write(plan, editor, "So, now.", 2)
    events = AuditEvent.objects.filter(verb="plan.written")
    assert [e.details for e in events] == [{"section": "first"}] * 2


def test_writing_leaves_other_sections_alone(plan, editor):
    saved = save_section_answers(
        plan=plan, section_key="first", answers=[("where", "There", 0)], by=editor
    )
    assert (saved.answers, saved.conflicts) == ([], [])
    assert not plan.response.answers.exists()


def test_save_section_answer_tells_the_conflict(plan, editor):
    args = {"plan": plan, "question_key": "why", "by": editor}
    assert save_section_answer(value="Theirs", read_version=0, **args).version == 1
    with pytest.raises(StaleError) as conflict:
        save_section_answer(value="Mine", read_version=0, **args)
    assert (conflict.value.current, conflict.value.version) == ("Theirs", 1)


def test_section_is_marked_and_opened_again(plan, editor):
    with pytest.raises(InvalidError):
        mark_section_done(plan=plan, section_key="first", by=editor)
    write(plan, editor)
    for _again in range(2):
        assert mark_section_done(plan=plan, section_key="first", by=editor).marked_by == editor
    for _again in range(2):
        reopen_plan_section(plan=plan, section_key="first", by=editor)
    assert not plan.response.marks.exists()
    verbs = AuditEvent.objects.order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["plan.written", "plan.section_done", "plan.section_reopened"]


def every_write(plan, by):
    objective = ObjectiveFactory(plan=plan, number=9)
    measure = MeasureFactory(plan=plan, objective=objective)
    data = MeasureData(title="New", objective=objective)
    return [
        lambda: write(plan, by),
        lambda: mark_section_done(plan=plan, section_key="first", by=by),
        lambda: reopen_plan_section(plan=plan, section_key="first", by=by),
        lambda: add_objective(plan=plan, title="New", by=by),
        lambda: rename_objective(objective=objective, title="New", by=by),
        lambda: remove_objective(objective=objective, by=by),
        lambda: save_measure(plan=plan, measure=None, data=data, read_version=0, by=by),
        lambda: save_measure(plan=plan, measure=measure, data=data, read_version=1, by=by),
        lambda: remove_measure(measure=measure, by=by),
    ]


@pytest.mark.parametrize("role", ["viewer", "partner"])
def test_readers_write_nothing(plan, role):
    members = plan.member.pairing.members.all()
    by = (
        member_of(members[0].organisation, MembershipRole.VIEWER)
        if role == "viewer"
        else member_of(members[1].organisation, MembershipRole.LEAD)
    )
    for attempt in every_write(plan, by):
        with pytest.raises(NotAllowedError):
            attempt()


def test_plan_handed_in_takes_nothing_more(plan, editor):
    attempts = every_write(plan, editor)
    Plan.objects.update(status=PlanStatus.SUBMITTED)
    for attempt in attempts:
        with pytest.raises(WrongStateError, match="handed in"):
            attempt()


def test_plan_of_a_cancelled_pairing_takes_nothing_more(plan, editor):
    attempts = every_write(plan, editor)
    Pairing.objects.update(status=PairingStatus.CANCELLED)
    for attempt in attempts:
        with pytest.raises(WrongStateError, match="does not run"):
            attempt()


def test_what_a_colleague_removed_is_told_kindly(plan, editor):
    objective = add_objective(plan=plan, title="One", by=editor)
    measure = MeasureFactory(plan=plan, code="A9.1")
    remove_measure(measure=measure, by=editor)
    remove_objective(objective=objective, by=editor)
    for write in (
        lambda: remove_measure(measure=measure, by=editor),
        lambda: remove_objective(objective=objective, by=editor),
        lambda: rename_objective(objective=objective, title="Uno", by=editor),
    ):
        with pytest.raises(WrongStateError, match="has removed this"):
            write()
    assert AuditEvent.objects.filter(verb="plan.measure_removed").count() == 1


def test_objectives_are_numbered_and_kept_while_they_are_served(plan, editor):
    first = add_objective(plan=plan, title="One", by=editor)
    second = add_objective(plan=plan, title="Two", by=editor)
    assert (first.number, second.number) == (1, 2)
    assert rename_objective(objective=first, title="Uno", by=editor).title == "Uno"
    rename_objective(objective=first, title="Uno", by=editor)
    assert AuditEvent.objects.filter(verb="plan.objective_saved").count() == 3
    MeasureFactory(plan=plan, objective=first, code="A1.1")
    with pytest.raises(WrongStateError, match="A1.1"):
        remove_objective(objective=first, by=editor)
    remove_objective(objective=second, by=editor)
    assert [o.title for o in plan.objectives.all()] == ["Uno"]


def test_objectives_have_a_limit(plan, editor):
    for number in range(20):
        ObjectiveFactory(plan=plan, number=number)
    with pytest.raises(InvalidError):
        add_objective(plan=plan, title="One more", by=editor)


@pytest.fixture
def objective(plan):
    return ObjectiveFactory(plan=plan, number=1)


def put(plan, editor, objective, measure=None, version=0, **values):
    data = MeasureData(**{"title": "Park", "objective": objective} | values)
    return save_measure(plan=plan, measure=measure, data=data, read_version=version, by=editor)


def test_measure_codes_are_given_once(plan, editor, objective):
    first = put(plan, editor, objective)
    second = put(plan, editor, objective)
    assert (first.code, second.code) == ("A1.1", "A1.2")
    remove_measure(measure=second, by=editor)
    assert put(plan, editor, objective).code == "A1.3"
    other = ObjectiveFactory(plan=plan, number=2)
    moved = put(plan, editor, other, measure=first, version=1)
    assert (moved.code, moved.objective, moved.version) == ("A1.1", other, 2)


def test_measure_keeps_its_rows_as_they_were_sent(plan, editor, objective):
    rows = {
        "funding": [{"source": "City", "status": "secured", "amount": Decimal("12.50")}],
        "indicators": [{"name": "Cars", "target": Decimal(20)}],
        "risks": [{"text": "Rain"}],
    }
    measure = put(plan, editor, objective, **rows)
    measure = put(plan, editor, objective, measure=measure, version=1, **rows | {"risks": []})
    assert [str(line.amount) for line in measure.funding.all()] == ["12.50"]
    assert (measure.indicators.count(), measure.risks.count()) == (1, 0)


def test_measure_saved_by_another_meanwhile_is_a_conflict(plan, editor, objective):
    measure = put(plan, editor, objective)
    put(plan, editor, objective, measure=measure, version=1, title="Theirs")
    with pytest.raises(StaleError) as conflict:
        put(plan, editor, objective, measure=measure, version=1, title="Mine")
    assert (conflict.value.current.title, conflict.value.version) == ("Theirs", 2)
    assert Measure.objects.get().title == "Theirs"


def test_measure_needs_an_end_after_its_start_and_an_objective_of_its_plan(plan, editor, objective):
    with pytest.raises(InvalidError) as refusal:
        put(
            plan,
            editor,
            objective,
            start_date=dt.date(2027, 2, 1),
            end_date=dt.date(2027, 1, 1),
        )
    assert refusal.value.field == "end_date"
    with pytest.raises(InvalidError, match="another plan"):
        put(plan, editor, ObjectiveFactory())


def test_pilot_without_viability_is_saved(plan, editor, objective):
    assert put(plan, editor, objective, kind="pilot").pk
