import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.trail.models import AuditEvent
from pairings.models import Milestone, Pairing, PairingMember
from pairings.services import (
    cancel_pairing,
    complete_milestone,
    complete_pairing,
    move_milestone,
    record_signature,
)
from tests.factories.accounts import DeskFactory, ObserverFactory
from tests.factories.pairings import (
    AcceptedPairingFactory,
    MilestoneFactory,
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
    assert (pairing.status, pairing.closed_reason) == ("cancelled", "The call was stopped.")
    assert not PairingMember.objects.exclude(slot=None).exists()
    assert {mail.to[0] for mail in mailoutbox} == {world.eu_lead.email, world.partner_lead.email}
    assert mailoutbox[0].subject == "Łódź – Panaji-Goa: the pairing is cancelled"
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
    assert Pairing.objects.get(pk=running.pk).status == "completed"
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


def test_milestone_moves_with_a_reason(world, milestone):
    move_milestone(
        milestone=milestone,
        due_on=dt.date(2027, 1, 22),
        reason="Holidays in both cities.",
        by=world.coordinator,
    )
    milestone = Milestone.objects.get()
    assert milestone.due_on == dt.date(2027, 1, 22)
    assert milestone.moved_reason == "Holidays in both cities."
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


def test_milestone_of_a_pairing_that_is_over(world, milestone):
    complete_pairing(pairing=milestone.pairing, by=world.coordinator)
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
