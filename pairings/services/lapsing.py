"""The end by rule of proposals that nobody answers."""

from django.db import transaction
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from core.kit import days
from core.trail.services import record_event
from pairings.models import Pairing
from pairings.services.closing import close
from pairings.services.mails import tell_parties, tell_staff
from pairings.states import PairingStatus, PartyAnswer
from pairings.timetable import LAPSES_AFTER

S = PairingStatus


def lapse_proposals() -> int:
    """End the proposals whose day to answer has passed for so long; return how many.

    Each in a transaction of its own: one that somebody answers or prolongs right now is left to
    them. Its places are free again, and everybody is told.
    """
    late = Pairing.objects.filter(status=S.PROPOSED, accept_by__lte=days.now() - LAPSES_AFTER)
    return sum(_lapse(pk) for pk in late.values_list("pk", flat=True))


@transaction.atomic
def _lapse(pk: int) -> bool:
    rows = Pairing.objects.select_for_update(skip_locked=True, of=("self",))
    pairing = rows.filter(
        pk=pk, status=S.PROPOSED, accept_by__lte=days.now() - LAPSES_AFTER
    ).first()
    if pairing is None:
        return False
    silent = pairing.members.filter(answer=PartyAnswer.PENDING).select_related("organisation")
    names = [member.organisation.name for member in silent]
    reason = _("No answer came from %(names)s, so the proposal has lapsed.") % {
        "names": get_text_list(names, _("and"))
    }
    close(pairing, outcome=S.CANCELLED, by=None, reason=reason)
    record_event(verb="pairing.lapsed", target=pairing, by=None, details={"parties": names})
    context = {"reason": reason}
    members = pairing.members.all()
    tell_parties(template="pairing_lapsed", pairing=pairing, members=members, context=context)
    tell_staff(template="pairing_lapsed", pairing=pairing, context=context)
    return True
