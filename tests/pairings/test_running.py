import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone

from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.trail.models import AuditEvent
from core.trail.selectors import events_of
from pairings.models import Milestone, Pairing, PairingMember
from pairings.services import (
    cancel_pairing,
    complete_milestone,
    complete_pairing,
    move_milestone,
    record_signature,
    reopen_milestone,
)
from tests.factories.accounts import DeskFactory, ObserverFactory
from tests.factories.pairings import (
    AcceptedPairingFactory,
    MilestoneFactory,
    MilestoneMoveFactory,
    PairingClosingFactory,
    PairingFactory,
    RunningPairingFactory,
    SignatureFactory,
)
from tests.factories.programme import CallMilestoneFactory, MembershipFactory
from tests.infra.threads import run_in_threads
from tests.pairings.conftest import make_world

pytestmark = pytest.mark.django_db
STARTED = dt.date(2026, 3, 5)


@pytest.fixture
def running(world):
    return RunningPairingFactory(
        call=world.call, organisations=[world.eu, world.partner], started_on=STARTED
    )


@pytest.fixture
def milestone(running):
    return MilestoneFactory(pairing=running, title="Draft", due_on=dt.date(2026, 12, 11))


@pytest.mark.parametrize("status", ["proposed", "accepted", "running"])
def test_cancel_frees_the_places_and_tells_every_lead(world, status, mailoutbox):
    pairing = PairingFactory(organisations=[world.eu, world.partner], status=status)
    cancel_pairing(pairing=pairing, reason="The call was stopped.", by=world.coordinator)
    pairing = Pairing.objects.get(pk=pairing.pk)
    closing = pairing.closings.get()
    assert (pairing.status, closing.outcome, closing.number) == ("cancelled", "cancelled", 1)
    assert (closing.by, closing.reason) == (world.coordinator, "The call was stopped.")
    assert not PairingMember.objects.exclude(slot=None).exists()
    assert {mail.to[0] for mail in mailoutbox} == {world.eu_lead.email, world.partner_lead.email}
    ended = "proposal is withdrawn" if status == "proposed" else "pairing is cancelled"
    assert mailoutbox[0].subject == f"Łódź – Panaji-Goa: the {ended}"
    assert "The call was stopped." in mailoutbox[0].body
    event = AuditEvent.objects.get(verb="pairing.cancelled")
    assert (event.actor, event.reason) == (world.coordinator, "The call was stopped.")


@pytest.mark.parametrize("status", ["completed", "declined", "cancelled", "published"])
def test_cancel_in_a_wrong_state(world, status, mailoutbox):
    pairing = PairingFactory(organisations=[world.eu, world.partner], status=status)
    with pytest.raises(WrongStateError, match="cannot be done now"):
        cancel_pairing(pairing=pairing, reason="No.", by=world.coordinator)
    assert Pairing.objects.get(pk=pairing.pk).status == status
    assert not mailoutbox


def test_cancel_without_reason(world, running):
    with pytest.raises(InvalidError, match="Write why"):
        cancel_pairing(pairing=running, reason=" ", by=world.coordinator)
    assert Pairing.objects.get(pk=running.pk).status == "running"


def test_only_coordinators_cancel_and_complete(world, running):
    for person in (world.eu_lead, DeskFactory(), ObserverFactory()):
        with pytest.raises(NotAllowedError):
            cancel_pairing(pairing=running, reason="No.", by=person)
        with pytest.raises(NotAllowedError):
            complete_pairing(pairing=running, by=person)


def test_complete_frees_the_places(world, running):
    complete_pairing(pairing=running, by=world.coordinator)
    pairing = Pairing.objects.get(pk=running.pk)
    assert (pairing.status, pairing.closing.by) == ("completed", world.coordinator)
    assert not PairingMember.objects.exclude(slot=None).exists()
    with pytest.raises(WrongStateError):
        complete_pairing(pairing=running, by=world.coordinator)


def test_milestone_is_done_once(world, milestone):
    now = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
    with time_machine.travel(now, tick=False):
        complete_milestone(milestone=milestone, by=world.coordinator)
    milestone = Milestone.objects.get()
    assert (milestone.done_at, milestone.done_by) == (now, world.coordinator)
    with pytest.raises(WrongStateError) as caught:
        complete_milestone(milestone=milestone, by=world.coordinator)
    assert str(caught.value) == (
        "Ilse Verbeek has already marked this milestone as done, on 1 December 2026."
    )
    with pytest.raises(WrongStateError):
        move_milestone(
            milestone=milestone, due_on=dt.date(2027, 1, 1), reason="Late.", by=world.coordinator
        )


def test_milestone_that_was_marked_by_mistake_is_open_again(world, milestone, sign_in, settings):
    settings.DEMO = True
    with pytest.raises(WrongStateError, match="not marked as done"):
        reopen_milestone(milestone=milestone, reason="No.", by=world.coordinator)
    complete_milestone(milestone=milestone, by=world.coordinator)
    with pytest.raises(InvalidError):
        reopen_milestone(milestone=milestone, reason=" ", by=world.coordinator)
    address = reverse("pairings:staff_milestone", args=[milestone.pairing.reference, milestone.key])
    client = sign_in(world.coordinator)
    assert "not done after all?" in client.get(address).content.decode()
    client.post(address, {"reason": "The report is missing."})
    milestone = Milestone.objects.get()
    assert (milestone.done_at, milestone.done_by) == (None, None)
    event = events_of(milestone.pairing).get(verb="pairing.milestone_reopened")
    assert event.reason == "The report is missing."
    complete_milestone(milestone=milestone, by=world.coordinator)
    complete_pairing(pairing=milestone.pairing, by=world.coordinator)
    with pytest.raises(WrongStateError, match="cannot be done now"):
        reopen_milestone(milestone=milestone, reason="Late.", by=world.coordinator)


def test_milestone_moves_with_a_reason(world, milestone):
    move_milestone(
        milestone=milestone,
        due_on=dt.date(2027, 1, 22),
        reason="Holidays in both cities.",
        by=world.coordinator,
    )
    milestone = Milestone.objects.get()
    assert milestone.due_on == dt.date(2027, 1, 22)
    move = milestone.moves.get()
    assert (move.number, move.moved_from, move.moved_to) == (
        1,
        dt.date(2026, 12, 11),
        dt.date(2027, 1, 22),
    )
    assert (move.by, move.reason) == (world.coordinator, "Holidays in both cities.")
    event = AuditEvent.objects.get(verb="pairing.milestone_moved")
    assert event.details == {"milestone": "Draft", "from": "2026-12-11", "to": "2027-01-22"}


@pytest.mark.parametrize(
    ("due_on", "reason", "field"),
    [
        (dt.date(2026, 12, 11), "Why not.", "due_on"),
        (STARTED - dt.timedelta(days=1), "Why not.", "due_on"),
        (dt.date(2027, 1, 1), " ", "reason"),
        (dt.date(2027, 1, 1), "x" * 301, "reason"),
    ],
)
def test_milestone_refuses_a_bad_move(world, milestone, due_on, reason, field):
    with pytest.raises(InvalidError) as caught:
        move_milestone(milestone=milestone, due_on=due_on, reason=reason, by=world.coordinator)
    assert caught.value.field == field
    assert Milestone.objects.get().due_on == dt.date(2026, 12, 11)


def test_complete_with_open_milestones_needs_a_reason(world, milestone):
    with pytest.raises(InvalidError) as caught:
        complete_pairing(pairing=milestone.pairing, by=world.coordinator)
    assert caught.value.field == "reason"
    assert Pairing.objects.get().status == "running"

    pairing = complete_pairing(
        pairing=milestone.pairing, reason="They merged it with another.", by=world.coordinator
    )
    event = events_of(pairing).get(verb="pairing.completed")
    assert (event.reason, event.details) == (
        "They merged it with another.",
        {"open_milestones": "Draft"},
    )
    assert pairing.closings.get().reason == "They merged it with another."


def test_complete_with_all_milestones_done_needs_none(world, milestone):
    complete_milestone(milestone=milestone, by=world.coordinator)
    assert complete_pairing(pairing=milestone.pairing, by=world.coordinator).status == "completed"


def test_milestone_of_a_pairing_that_is_over(world, milestone):
    complete_pairing(pairing=milestone.pairing, reason="Stopped early.", by=world.coordinator)
    with pytest.raises(WrongStateError):
        complete_milestone(milestone=milestone, by=world.coordinator)


def test_who_changes_milestones(world, milestone):
    editor = MembershipFactory(organisation=world.eu, role="editor").user
    for person in (world.eu_lead, editor, ObserverFactory(), DeskFactory()):
        with pytest.raises(NotAllowedError):
            complete_milestone(milestone=milestone, by=person)
    desk = DeskFactory(countries=[world.partner.country])
    complete_milestone(milestone=milestone, by=desk)
    assert Milestone.objects.get().done_at


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_last_signature_and_cancellation_at_once_have_one_end():
    world = make_world()
    pairing = AcceptedPairingFactory(call=world.call, organisations=[world.eu, world.partner])
    eu, partner = pairing.members.all()
    SignatureFactory(member=eu)
    CallMilestoneFactory(call=world.call)

    def act(number):
        if number:
            return cancel_pairing(pairing=pairing, reason="Stopped.", by=world.coordinator)
        return record_signature(
            member=partner,
            signed_on=timezone.localdate(),
            signatory_name="Rohit",
            signatory_office="Mayor",
            by=world.partner_lead,
        )

    results = run_in_threads(2, act)
    pairing = Pairing.objects.get(pk=pairing.pk)
    # Staff may cancel what has just begun to run; nobody signs what is cancelled.
    assert pairing.status == "cancelled"
    signed = not isinstance(results[0], WrongStateError)
    assert pairing.milestones.count() == signed
    assert bool(pairing.started_on) == signed
    assert not PairingMember.objects.exclude(slot=None).exists()
    assert AuditEvent.objects.filter(verb="pairing.cancelled").count() == 1


def test_every_move_stays_as_a_row(world, milestone):
    days = [dt.date(2027, 1, 22), dt.date(2027, 2, 5), dt.date(2026, 12, 11)]
    for number, day in enumerate(days, 1):
        move_milestone(
            milestone=milestone, due_on=day, reason=f"Reason {number}.", by=world.coordinator
        )
    milestone = Milestone.objects.get()
    assert [(move.number, move.moved_to, move.reason) for move in milestone.moves.all()] == [
        (3, days[2], "Reason 3."),
        (2, days[1], "Reason 2."),
        (1, days[0], "Reason 1."),
    ]
    moves = milestone.moves.order_by("number")
    assert [move.moved_from for move in moves] == [dt.date(2026, 12, 11), *days[:2]]
    assert (milestone.due_on, milestone.last_move.number) == (days[2], 3)


def test_pairing_that_has_not_ended_has_no_closing(running):
    assert running.closing is None
    # What was closed and runs again stands by no closing.
    PairingClosingFactory(pairing=running)
    assert running.closing is None


@pytest.mark.parametrize(
    "values",
    [{"number": 0}, {"number": 1}, {"reason": ""}, {"outcome": "running"}],
    ids=str,
)
def test_closing_that_makes_no_sense_is_refused(values):
    pairing = PairingFactory(status="cancelled")
    with pytest.raises(IntegrityError), transaction.atomic():
        PairingClosingFactory(pairing=pairing, **values)
    assert pairing.closings.count() == 1


@pytest.mark.parametrize(
    "values",
    [{"number": 0}, {"number": 1}, {"reason": ""}, {"moved_from": dt.date(2026, 12, 11)}],
    ids=str,
)
def test_move_that_makes_no_sense_is_refused(milestone, values):
    MilestoneMoveFactory(milestone=milestone)
    with pytest.raises(IntegrityError), transaction.atomic():
        MilestoneMoveFactory(milestone=milestone, **values)
    assert milestone.moves.count() == 1


def test_pairing_that_was_closed_and_milestone_that_moved_cannot_be_removed(milestone):
    MilestoneMoveFactory(milestone=milestone)
    with pytest.raises(ProtectedError):
        milestone.delete()
    with pytest.raises(ProtectedError):
        PairingFactory(status="declined").delete()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_closings_at_once_are_one_row():
    world = make_world()
    pairing = RunningPairingFactory(call=world.call, organisations=[world.eu, world.partner])

    def act(number):
        if number:
            return cancel_pairing(pairing=pairing, reason="Stopped.", by=world.coordinator)
        return complete_pairing(pairing=pairing, by=world.coordinator)

    results = run_in_threads(2, act)
    [refused] = [n for n, result in enumerate(results) if isinstance(result, WrongStateError)]
    pairing = Pairing.objects.get()
    assert pairing.closings.get().outcome == ["cancelled", "completed"][refused]
    assert pairing.status == pairing.closing.outcome


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_are_two_rows_one_after_the_other():
    world = make_world()
    pairing = RunningPairingFactory(
        call=world.call, organisations=[world.eu, world.partner], started_on=STARTED
    )
    milestone = MilestoneFactory(pairing=pairing, due_on=dt.date(2026, 12, 11))
    days = [dt.date(2027, 1, 22), dt.date(2027, 2, 5)]
    run_in_threads(
        2,
        lambda number: move_milestone(
            milestone=milestone, due_on=days[number], reason="Late.", by=world.coordinator
        ),
    )
    first, second = Milestone.objects.get().moves.order_by("number")
    assert (first.number, second.number) == (1, 2)
    assert first.moved_from == dt.date(2026, 12, 11)
    assert second.moved_from == first.moved_to
    assert Milestone.objects.get().due_on == second.moved_to
    assert {first.moved_to, second.moved_to} == set(days)
