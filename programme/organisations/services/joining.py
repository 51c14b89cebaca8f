"""How somebody becomes one of a team, and what comes along from what stood in for it."""

from django.db import transaction
from django.db.models import ProtectedError

from accounts.models import User
from core.duties.services import touch
from core.kit import days
from core.kit.people import forget
from core.kit.sockets import plugged
from core.trail.services import record_event
from programme.organisations.models import Membership, Organisation
from programme.organisations.states import RANK, ClaimState, Standing


def join_team(
    *, organisation: Organisation, person: User, role: str, answered_by: User | None = None
) -> Membership:
    """Make the person one of the team; who is of it already keeps the higher role.

    Call it under the organisation's lock. What the person has asked for there is answered with
    it, by `answered_by`, and what they drafted meanwhile comes along.
    """
    membership, made = Membership.objects.get_or_create(
        user=person, organisation=organisation, defaults={"role": role}
    )
    if not made and RANK[role] > RANK[membership.role]:
        membership.role = role
        membership.save(update_fields=["role"])
    forget(person)
    for claim in organisation.claims.open().filter(person=person).select_related("stand_in"):
        claim.state, claim.answered_at = ClaimState.GRANTED, days.now()
        claim.answered_by = answered_by
        claim.save(update_fields=["state", "answered_at", "answered_by"])
        touch(claim)
        if claim.stand_in is not None:
            take_in(claim.stand_in, organisation)
    # What the organisation owes has one more reader.
    touch(organisation)
    record_event(
        verb="membership.joined",
        target=organisation,
        by=person,
        details={"role": membership.role},
    )
    return membership


def take_in(stand_in: Organisation, organisation: Organisation) -> None:
    """Move what a stand-in holds to the organisation it stood for, and end it.

    Each app says in `moving.py` what moves. What cannot, such as a second draft for one call,
    stays with it for its people to read.
    """
    for module in plugged("moving"):
        for move in module.MOVE:
            move(stand_in, organisation)
    end_stand_in(stand_in)


def end_stand_in(stand_in: Organisation) -> None:
    """Remove a stand-in; one that holds something stays, and nothing of it can be sent."""
    try:
        with transaction.atomic():
            stand_in.delete()
    except ProtectedError:
        stand_in.standing = Standing.REFUSED
        stand_in.save(update_fields=["standing"])
