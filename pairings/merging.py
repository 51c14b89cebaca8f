"""What of pairings moves in a way of its own when two organisations are merged."""

from django.utils.translation import gettext as _

from core.duties.services import touch
from pairings.models import Pairing, PairingMember
from pairings.selectors import members_key
from pairings.states import LIVE, PairingStatus
from programme.organisations.models import Organisation


def _refuse_twice(goes: Organisation, stays: Organisation) -> list[str]:
    """Return the pairings that both are in, or that would be one and the same."""
    both = Pairing.objects.filter(members__organisation=goes).filter(members__organisation=stays)
    found = [
        _("Both are in the pairing %(reference)s, so they are two.")
        % {"reference": pairing.reference}
        for pairing in both
    ]
    for pairing in Pairing.objects.filter(members__organisation=goes).exclude(pk__in=both):
        twin = _twin(pairing, goes, stays)
        if twin is not None:
            found.append(
                _(
                    "The pairings %(one)s and %(other)s would have the same members. End or "
                    "decline one of them first."
                )
                % {"one": pairing.reference, "other": twin.reference}
            )
    return found


def _twin(pairing: Pairing, goes: Organisation, stays: Organisation) -> Pairing | None:
    """Return the pairing that would have the same members and be as alive."""
    kinds = next(
        (states for states in (LIVE, (PairingStatus.PUBLISHED,)) if pairing.status in states), ()
    )
    bodies = [member.organisation for member in pairing.members.select_related("organisation")]
    key = members_key(stays if body == goes else body for body in bodies)
    return Pairing.objects.filter(members_key=key, status__in=kinds).exclude(pk=pairing.pk).first()


def _members(goes: Organisation, stays: Organisation) -> None:
    """Move the places in pairings, and what tells one set of members from another."""
    pairings = list(Pairing.objects.filter(members__organisation=goes))
    PairingMember.objects.filter(organisation=goes).update(organisation=stays)
    for pairing in pairings:
        bodies = [row.organisation for row in pairing.members.select_related("organisation")]
        pairing.members_key = members_key(bodies)
        pairing.save(update_fields=["members_key"])
        touch(pairing)


MOVE = {"pairings.PairingMember.organisation": _members}
REFUSE = (_refuse_twice,)
AFTER = ()
