"""The sweep looks at what has come up since it last looked, and at all of it every hour."""

import datetime as dt

import pytest

from core.duties.models import Touch
from pairings import duties as pairing_duties
from pairings.models import Milestone
from pairings.services import move_milestone, propose_pairing
from programme.calls.states import MilestoneKind
from programme.organisations.models import hash_of
from programme.organisations.services import accept_invitation, invite_member
from reminders.models import Delivery, Look
from reminders.services import sweep, sweep_reminders
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.pairings import MilestoneFactory, PairingFactory, RunningPairingFactory
from tests.factories.programme import CallFactory, MembershipFactory
from tests.infra.threads import run_in_threads
from tests.pairings.conftest import make_world

pytestmark = pytest.mark.django_db

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
BEAT = dt.timedelta(seconds=30)
NOW = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock(time_machine):
    """Stop the clock at the first sweep."""
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def looked():
    """Have the first look, which is a full one, behind us."""
    sweep_reminders(now=NOW)


def make_draft(closes_at, **fields):
    call = CallFactory(opens_at=NOW - 60 * DAY, closes_at=closes_at)
    draft = ApplicationFactory(call=call, **fields)
    MembershipFactory(organisation=draft.organisation)
    return draft


def occasions():
    keys = Delivery.objects.values_list("due_key", flat=True)
    return sorted(key.rpartition("/")[2] for key in keys)


def test_first_look_is_a_full_one():
    make_draft(NOW + 2 * DAY)

    assert sweep_reminders(now=NOW) == 1
    look = Look.objects.get()
    assert look.last_look == look.last_full == NOW


def test_day_that_comes_between_two_looks_is_found_once(looked):
    make_draft(NOW + 3 * DAY + BEAT)

    assert sweep_reminders(now=NOW + BEAT - dt.timedelta(seconds=1)) == 0
    assert sweep_reminders(now=NOW + BEAT) == 1
    assert sweep_reminders(now=NOW + 2 * BEAT) == 0
    assert occasions() == ["3"]


def test_beat_that_was_down_for_a_while_misses_no_day(looked):
    make_draft(NOW + 3 * DAY + 10 * BEAT)
    make_draft(NOW + DAY + 50 * BEAT)

    assert sweep_reminders(now=NOW + 60 * BEAT) == 2
    assert occasions() == ["1", "3"]


def test_beat_that_was_down_for_days_gives_the_newest_day_alone(looked):
    make_draft(NOW + 15 * DAY)

    assert sweep_reminders(now=NOW + 14 * DAY + HOUR) == 1
    assert occasions() == ["1"]


def test_what_nobody_touched_is_found_within_the_hour(looked):
    make_draft(NOW + 2 * DAY)

    assert sweep_reminders(now=NOW + BEAT) == 0
    assert sweep_reminders(now=NOW + HOUR - BEAT) == 0
    assert sweep_reminders(now=NOW + HOUR) == 1
    assert Look.objects.get().last_full == NOW + HOUR


def test_clock_that_was_set_back_is_looked_at_again(looked):
    make_draft(NOW + 2 * DAY)

    assert sweep_reminders(now=NOW - DAY) == 1
    assert Look.objects.get().last_look == NOW - DAY


# What is touched ---------------------------------------------------------------------------


def test_proposal_that_is_already_pressing_is_reminded_of_at_the_next_sweep(looked, world):
    world.call.acceptance_days = 5
    world.call.save()

    propose_pairing(
        call=world.call,
        parties=world.parties,
        topics=[world.topic],
        reason="One river.",
        by=world.coordinator,
    )

    assert sweep_reminders(now=NOW + BEAT) == 2
    assert not Touch.objects.exists()
    assert sweep_reminders(now=NOW + 2 * BEAT) == 0
    assert occasions() == ["7", "7"]


def test_milestone_that_is_moved_is_a_new_occasion(looked):
    pairing = RunningPairingFactory(started_on=NOW.date() - 90 * DAY)
    MembershipFactory(organisation=pairing.members.first().organisation)
    # The other city has nobody and the unit only its desk, which is not asked for here.
    pairing.members.last().delete()
    milestone = MilestoneFactory(
        pairing=pairing, kind=MilestoneKind.REPORT, due_on=NOW.date() + 90 * DAY
    )
    boss = CoordinatorFactory()

    for day, expected in ((2, ["3"]), (10, ["14", "3"])):
        move_milestone(
            milestone=milestone, due_on=NOW.date() + day * DAY, reason="Elections", by=boss
        )
        assert sweep_reminders(now=NOW + day * BEAT) == 1
        assert occasions() == expected


def test_who_joins_late_is_reminded_too(looked):
    draft = make_draft(NOW + 2 * DAY)
    lead = draft.organisation.memberships.get().user
    sweep_reminders(now=NOW + HOUR)
    newcomer = MembershipFactory().user
    invitation = invite_member(
        organisation=draft.organisation, email=newcomer.email, role="editor", by=lead
    )
    token = "a" * 22
    invitation.token_hash = hash_of(token)
    invitation.save()

    accept_invitation(token=token, user=newcomer)

    assert sweep_reminders(now=NOW + HOUR + BEAT) == 1
    assert Delivery.objects.filter(recipient=newcomer).count() == 1


def test_mail_that_could_not_be_written_is_asked_for_again(looked, monkeypatch):
    make_draft(NOW + 3 * DAY + BEAT)
    build = sweep.build_mail
    monkeypatch.setattr(sweep, "build_mail", None)
    assert sweep_reminders(now=NOW + BEAT) == 0

    monkeypatch.setattr(sweep, "build_mail", build)
    assert sweep_reminders(now=NOW + 2 * BEAT) == 1


# What it costs -----------------------------------------------------------------------------


@pytest.fixture
def read(monkeypatch):
    """Return a list to which every report that is read adds one."""
    rows = []
    report_due = pairing_duties.report_due

    def counted(*args, **fields):
        rows.append(1)
        return report_due(*args, **fields)

    monkeypatch.setattr(pairing_duties, "report_due", counted)
    return rows


def reports(pairing, number, due_on):
    Milestone.objects.bulk_create(
        Milestone(
            pairing=pairing,
            key=f"{due_on}-{place}",
            title="Report",
            kind=MilestoneKind.REPORT,
            due_on=due_on,
        )
        for place in range(number)
    )


def test_what_is_far_off_or_was_looked_at_is_not_read(looked, read, django_assert_num_queries):
    pairing = RunningPairingFactory()
    reports(pairing, 10_000, NOW.date() + 300 * DAY)
    reports(pairing, 100, NOW.date() - 30 * DAY)
    touched = PairingFactory(accept_by=NOW + 4 * DAY)
    for member in touched.members.all():
        MembershipFactory(organisation=member.organisation)
    Touch.objects.create(about=f"pairing:{touched.pk}")

    assert sweep_reminders(now=NOW + BEAT) == 2
    with django_assert_num_queries(18):
        assert sweep_reminders(now=NOW + 2 * BEAT) == 0
    assert read == []

    sweep_reminders(now=NOW + HOUR)
    assert len(read) == 200


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_write_each_reminder_once():
    sweep_reminders(now=NOW)
    for _ in range(20):
        make_draft(NOW + 3 * DAY + BEAT)

    counts = run_in_threads(6, lambda _: sweep_reminders(now=NOW + BEAT))

    assert sum(counts) == Delivery.objects.count() == 20
    assert Look.objects.get().last_look == NOW + BEAT
