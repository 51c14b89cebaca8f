"""Which mails about a pairing must not leave any more."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.duties.catalogue import key_of
from core.post.models import Mail
from pairings.models import PairingMember
from pairings.services.mails import ASKING
from pairings.states import PairingStatus, PartyAnswer


def outdated(mails: Iterable[Mail]) -> dict[int, str]:
    """Return by id the proposals that nobody has to answer any more; one query if there are any."""
    asked = [mail for mail in mails if mail.kind in ASKING and mail.about]
    if not asked:
        return {}
    open_ones = PairingMember.objects.filter(
        pairing__in=[mail.about.partition(":")[2] for mail in asked],
        pairing__status=PairingStatus.PROPOSED,
        answer=PartyAnswer.PENDING,
    ).select_related("pairing", "organisation")
    waited_for = {(key_of(row.pairing), key_of(row.organisation)) for row in open_ones}
    why = _("The proposal is answered or withdrawn.")
    return {mail.pk: why for mail in asked if (mail.about, mail.owner) not in waited_for}
