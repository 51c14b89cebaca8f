"""The end of a pairing: its row, its state, its places."""

from accounts.models import User
from pairings.models import Pairing, PairingClosing
from pairings.states import PairingStatus

S = PairingStatus


def close(pairing: Pairing, *, outcome: PairingStatus, by: User | None, reason: str = "") -> None:
    """End a locked pairing: keep who ended it (None: the rule) and why; its places are free again.

    The caller has checked that it can end so, and tells the audit trail and the people.
    """
    move = {
        S.COMPLETED: pairing.mark_completed,
        S.DECLINED: pairing.mark_declined,
        S.CANCELLED: pairing.mark_cancelled,
    }[outcome]
    move()
    pairing.save(update_fields=["status"])
    pairing.members.update(slot=None)
    PairingClosing.objects.create(
        pairing=pairing,
        number=pairing.closings.next_number(),
        outcome=outcome,
        by=by,
        reason=reason,
    )
