"""What the people of a city read of their pairings."""

from django.db.models import QuerySet

from accounts.models import User
from pairings.models import Pairing, PairingMember
from pairings.selectors.common import with_everything, with_parties
from programme.organisations.rules import role_in


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
