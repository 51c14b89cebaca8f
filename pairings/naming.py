"""What of pairings has the new name of a party, and what keeps the name of its day."""

import datetime as dt

from django.utils.translation import ngettext

from accounts.models import User
from pairings.models import PairingMember, Signature
from pairings.services.naming import keep_names
from pairings.states import LIVE
from programme.organisations.models import Organisation


def _live(organisation: Organisation, _day: dt.date, _by: User) -> tuple[str, int]:
    number = PairingMember.objects.filter(
        organisation=organisation, pairing__status__in=LIVE
    ).count()
    return ngettext("pairing under way", "pairings under way", number), number


def _past(organisation: Organisation, _day: dt.date, _by: User) -> tuple[str, int]:
    rows = PairingMember.objects.filter(organisation=organisation)
    number = rows.exclude(pairing__status__in=LIVE).count()
    return ngettext("past or published pairing", "past or published pairings", number), number


def _signed(organisation: Organisation, day: dt.date, _by: User) -> tuple[str, int]:
    number = Signature.objects.filter(member__organisation=organisation, signed_on__lt=day).count()
    return ngettext("agreement signed before", "agreements signed before", number), number


FOLLOW = (keep_names,)
CARRIES = (_live,)
KEEPS = (_past, _signed)
