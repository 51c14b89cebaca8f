"""What the people of a city read of their pairings, and what is expected of them."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from pairings.models import Pairing, PairingMember
from pairings.selectors.common import with_everything, with_parties
from pairings.states import PairingStatus, PartyAnswer
from programme.organisations.rules import role_in
from programme.organisations.states import MembershipRole


def pairings_of(user: User) -> "QuerySet[Pairing]":
    """Return the pairings of the person's organisations, newest first; published records too."""
    own = Pairing.objects.filter(members__organisation__memberships__user=user)
    return with_parties(own.select_related("call").distinct()).prefetch_related("milestones")


def workspace_pairing(user: User, reference: str) -> Pairing | None:
    """Return a pairing the person may see, with all that its page shows."""
    visible = Pairing.objects.visible_to(user).filter(reference=reference)
    return with_everything(visible).first()


def own_members(user: User, pairing: Pairing) -> list[PairingMember]:
    """Return the parties of the pairing that the person belongs to, mostly one."""
    return [m for m in pairing.members.all() if role_in(user, m.organisation)]


def waiting_answers(user: User) -> "QuerySet[PairingMember]":
    """Return the proposals that the person, as a lead, has still to answer."""
    return _led_by(user, members_awaiting_answer())


def waiting_signatures(user: User) -> "QuerySet[PairingMember]":
    """Return the agreements that the person's organisation, as they lead it, has to sign."""
    return _led_by(user, members_awaiting_signature())


def members_awaiting_answer(*, due_by: datetime | None = None) -> "QuerySet[PairingMember]":
    """Return the parties that have not answered; with `due_by` those due at that instant."""
    members = _members().filter(pairing__status=PairingStatus.PROPOSED, answer=PartyAnswer.PENDING)
    return members.filter(pairing__accept_by__lte=due_by) if due_by else members


def members_awaiting_signature(*, due_by: datetime | None = None) -> "QuerySet[PairingMember]":
    """Return the parties that have not signed; with `due_by` those due at that instant."""
    members = _members().filter(pairing__status=PairingStatus.ACCEPTED, signature=None)
    return members.filter(pairing__sign_by__lte=due_by) if due_by else members


def _members() -> "QuerySet[PairingMember]":
    return PairingMember.objects.select_related("pairing__call", "organisation__country").order_by(
        "pairing_id", "order", "pk"
    )


def _led_by(user: User, members: "QuerySet[PairingMember]") -> "QuerySet[PairingMember]":
    return members.filter(
        organisation__memberships__user=user,
        organisation__memberships__role=MembershipRole.LEAD,
    ).prefetch_related("pairing__members__organisation__country")
