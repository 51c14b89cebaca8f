"""What the views on pairings share."""

from django.http import Http404

from accounts.http import SignedInRequest
from pairings.models import Pairing
from pairings.selectors import workspace_pairing
from pairings.states import PairingStatus, PartyAnswer


def pairing_or_404(request: SignedInRequest, reference: str) -> Pairing:
    """Return the pairing with all its page shows; outsiders meet a page that does not exist."""
    pairing = workspace_pairing(request.user, reference)
    if pairing is None:
        raise Http404
    return pairing


def is_answered(pairing: Pairing) -> bool:
    """Whether a party has answered: from then on it is amended, no longer corrected."""
    return pairing.status != PairingStatus.PROPOSED or any(
        member.answer != PartyAnswer.PENDING for member in pairing.members.all()
    )
