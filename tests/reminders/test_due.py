"""What is due to whom: each kind, each day, and when nothing is said any more."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import User
from action_plans.models import Plan
from action_plans.selectors import pairings_without_plan
from core.duties.catalogue import kinds
from core.kit.days import BRUSSELS, end_of
from pairings.states import PartyAnswer
from programme.calls.states import MilestoneKind
from programme.organisations.states import MembershipRole
from questionnaires.models import SectionMark
from reminders.models import Delivery
from reminders.selectors import due as due_module
from reminders.selectors import due_reminders, recipients_of
from tests.factories.applications import ApplicationFactory, SubmittedApplicationFactory
from tests.factories.pairings import (
    AcceptedPairingFactory,
    MilestoneFactory,
    PairingFactory,
    PublishedPairingFactory,
    RunningPairingFactory,
    SignatureFactory,
)
from tests.factories.programme import CallFactory, MembershipFactory
from tests.factories.questionnaires import ResponseFactory

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)
# The kinds of which mails are written.
REMINDED = {key for key, kind in kinds().items() if kind.days}
CLOSE = dt.datetime(2026, 12, 11, 16, tzinfo=dt.UTC)


def found(now):
    return sorted(
        (reminder.kind, reminder.recipient.email, reminder.due_key.rpartition("/")[2])
        for reminder in due_reminders(now)
    )


@pytest.fixture
def draft():
    call = CallFactory(opens_at=CLOSE - 60 * DAY, closes_at=CLOSE)
    draft = ApplicationFactory(call=call)
    for role in MembershipRole.values:
        MembershipFactory(
            organisation=draft.organisation, role=role, user__email=f"{role}@city.example"
        )
    return draft


def to_writers(kind, offset):
    return [(kind, "editor@city.example", offset), (kind, "lead@city.example", offset)]


@pytest.mark.parametrize(
    ("now", "offset"),
    [
        (CLOSE - 14 * DAY - SECOND, None),
        (CLOSE - 14 * DAY, "14"),
        (CLOSE - 3 * DAY - SECOND, "14"),
        (CLOSE - 3 * DAY, "3"),
        (CLOSE - DAY - SECOND, "3"),
        (CLOSE - DAY, "1"),
        (CLOSE, "1"),
        (CLOSE + 0.9 * SECOND, "1"),
        (CLOSE + SECOND, None),
        (CLOSE + 30 * DAY, None),
    ],
)
def test_draft_is_reminded_of_the_newest_day_alone(draft, now, offset):
    expected = to_writers("draft_closing", offset) if offset else []

    assert found(now) == expected


def test_draft_reminder_is_not_due_once_recorded(draft):
    now = CLOSE - 3 * DAY
    for reminder in due_reminders(now):
        duty, person, key = reminder.key
        Delivery.objects.create(kind=reminder.kind, duty=duty, recipient_id=person, due_key=key)

    assert found(now) == []
    assert found(now + DAY) == []
    assert found(CLOSE - DAY) == to_writers("draft_closing", "1")


def test_moved_deadline_is_a_new_occasion(draft):
    now = CLOSE - 3 * DAY
    for reminder in due_reminders(now):
        duty, person, key = reminder.key
        Delivery.objects.create(kind=reminder.kind, duty=duty, recipient_id=person, due_key=key)
    draft.call.closes_at = CLOSE + 7 * DAY
    draft.call.save()

    assert found(now) == to_writers("draft_closing", "14")


def test_draft_is_not_reminded_once_sent_or_of_a_call_that_is_no_longer_published(draft):
    now = CLOSE - DAY
    SubmittedApplicationFactory(call=draft.call)
    assert len(found(now)) == 2

    draft.call.status = "draft"
    draft.call.save()
    assert found(now) == []

    draft.call.status = "published"
    draft.call.save()
    draft.mark_submitted()
    draft.reference, draft.submitted_at = "C2C-1", now
    draft.save()
    assert found(now) == []


def test_person_without_access_is_not_reminded(draft):
    User.objects.filter(email="lead@city.example").update(is_active=False)

    assert [person for _kind, person, _days in found(CLOSE - DAY)] == ["editor@city.example"]


def leads_of(pairing):
    for member in pairing.members.all():
        for role in ("lead", "editor"):
            MembershipFactory(
                organisation=member.organisation,
                role=role,
                user__email=f"{role}-{member.side}@city.example",
            )


@pytest.mark.parametrize(
    ("before", "offset"), [(7 * DAY, "7"), (2 * DAY, "2"), (0 * DAY, "overdue"), (8 * DAY, None)]
)
def test_lead_is_reminded_of_the_answer(before, offset):
    pairing = PairingFactory(accept_by=CLOSE)
    leads_of(pairing)
    eu = pairing.members.get(side="eu")
    eu.answer = PartyAnswer.ACCEPTED
    eu.save()

    expected = [("acceptance", "lead-partner@city.example", offset)] if offset else []
    assert found(CLOSE - before) == expected


def test_answer_is_not_asked_for_once_the_pairing_is_closed():
    pairing = PairingFactory(accept_by=CLOSE)
    leads_of(pairing)
    pairing.mark_cancelled()
    pairing.save()

    assert found(CLOSE) == []


@pytest.mark.parametrize(("before", "offset"), [(7 * DAY, "7"), (2 * DAY, "2"), (-DAY, "overdue")])
def test_lead_is_reminded_of_the_signature(before, offset):
    pairing = AcceptedPairingFactory(sign_by=CLOSE)
    leads_of(pairing)
    SignatureFactory(member=pairing.members.get(side="eu"))

    assert found(CLOSE - before) == [("signature", "lead-partner@city.example", offset)]


@pytest.fixture
def running():
    pairing = RunningPairingFactory()
    leads_of(pairing)
    for number, member in enumerate(pairing.members.all()):
        Plan.objects.create(reference=f"LAP-{number}", member=member, response=ResponseFactory())
    return pairing


EVERYBODY = [
    "editor-eu@city.example",
    "editor-partner@city.example",
    "lead-eu@city.example",
    "lead-partner@city.example",
]


@pytest.mark.parametrize(
    ("day", "offset"),
    [(-15, None), (-13, "14"), (-2, "3"), (0, "3"), (1, "overdue"), (20, "overdue")],
)
def test_writers_are_reminded_of_open_sections(running, day, offset):
    due = dt.date(2027, 3, 31)
    MilestoneFactory(pairing=running, kind=MilestoneKind.PLAN_SECTION, due_on=due)
    now = dt.datetime.combine(due, dt.time(12), tzinfo=dt.UTC) + day * DAY

    expected = [("plan_section", who, offset) for who in EVERYBODY] if offset else []
    assert found(now) == expected


def test_plan_without_open_sections_is_left_alone(running):
    milestone = MilestoneFactory(pairing=running, kind=MilestoneKind.PLAN_SECTION)
    eu, partner = Plan.objects.order_by("member__order")
    for section in eu.response.version.sections.all():
        SectionMark.objects.create(response=eu.response, section=section)
    partner.response.version.sections.filter(key="second").update(required=False)

    due = list(due_reminders(end_of(milestone.due_on)))

    assert {reminder.organisation for reminder in due} == {partner.member.organisation}
    assert [section.key for section in due[0].facts["sections"]] == ["first"]


@pytest.mark.parametrize("kind", [MilestoneKind.REPORT, MilestoneKind.FINAL_REPORT])
def test_writers_are_reminded_of_the_report(running, kind):
    milestone = MilestoneFactory(pairing=running, kind=kind)

    assert found(end_of(milestone.due_on) - 3 * DAY) == [("report", who, "3") for who in EVERYBODY]


def test_milestone_that_is_done_or_only_an_event_is_not_reminded_of(running):
    due = timezone.localdate()
    MilestoneFactory(pairing=running, kind=MilestoneKind.EVENT, due_on=due)
    MilestoneFactory(pairing=running, kind=MilestoneKind.REPORT, due_on=due, done_at=timezone.now())

    assert found(end_of(due) + DAY) == []


def test_pairing_that_no_longer_runs_is_silent(running):
    MilestoneFactory(pairing=running, kind=MilestoneKind.REPORT)
    running.mark_completed()
    running.save()

    assert found(timezone.now() + 60 * DAY) == []


def test_newest_day_for_each_kind():
    for kind in kinds().values():
        for days in kind.days:
            assert kind.day_come(CLOSE, CLOSE - days * DAY) == days
        earliest = max(kind.days, default=0) * DAY
        assert kind.day_come(CLOSE, CLOSE - (earliest + SECOND)) is None


def test_pairings_without_plan_are_the_running_ones_alone(running):
    PairingFactory()
    PublishedPairingFactory()
    lacking = RunningPairingFactory()

    assert list(pairings_without_plan()) == [lacking]


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(number, django_assert_num_queries):
    call = CallFactory(opens_at=CLOSE - 60 * DAY, closes_at=CLOSE)
    for place in range(number):
        draft = ApplicationFactory(call=call)
        MembershipFactory(organisation=draft.organisation)
        for factory in (PairingFactory, AcceptedPairingFactory):
            pairing = factory(accept_by=CLOSE, sign_by=CLOSE)
            for member in pairing.members.all():
                MembershipFactory(organisation=member.organisation)
        pairing = RunningPairingFactory()
        for kind in (MilestoneKind.PLAN_SECTION, MilestoneKind.REPORT):
            MilestoneFactory(pairing=pairing, kind=kind, due_on=CLOSE.date())
        for side, member in enumerate(pairing.members.all()):
            MembershipFactory(organisation=member.organisation)
            Plan.objects.create(
                reference=f"LAP-{place}-{side}", member=member, response=ResponseFactory()
            )

    with django_assert_num_queries(28):
        due = list(due_reminders(CLOSE))

    assert len(due) == number * (1 + 2 + 2 + 2 + 2)
    assert {reminder.kind for reminder in due} == REMINDED - {
        *("call_question", "claim", "clarification", "extension_asked", "invitation"),
        *("interest_closing", "interest_invited", "interests", "notes_unread", "place_free"),
        "scores",
    }


def test_no_more_is_held_than_is_read_at_a_time(monkeypatch):
    monkeypatch.setattr(due_module, "CHUNK", 2)
    call = CallFactory(opens_at=CLOSE - 60 * DAY, closes_at=CLOSE)
    for _ in range(5):
        MembershipFactory(organisation=ApplicationFactory(call=call).organisation)
    asked = []
    monkeypatch.setattr(
        due_module,
        "recipients_of",
        lambda duties: asked.append(len(duties)) or recipients_of(duties),
    )

    reminders = due_reminders(CLOSE - DAY)

    assert [next(reminders).kind for _ in range(3)] == ["draft_closing"] * 3
    assert asked == [2, 2]


def test_days_are_counted_alike_on_any_clock_when_the_hour_changes(draft):
    """Clocks go forward on 28 March 2027: fourteen days of Brussels are an hour short."""
    draft.call.closes_at = dt.datetime(2027, 3, 28, 10, 30, tzinfo=dt.UTC)
    draft.call.save()
    at = dt.datetime(2027, 3, 14, 11, tzinfo=dt.UTC)
    assert found(at.astimezone(BRUSSELS)) == found(at) == to_writers("draft_closing", "14")
