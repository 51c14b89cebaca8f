"""What of organisations and their teams has a new name once it counts, and what keeps the old."""

import datetime as dt

from django.utils.translation import ngettext

from accounts.models import User
from programme.organisations.models import Organisation


def _people(organisation: Organisation, _day: dt.date, _by: User) -> tuple[str, int]:
    number = organisation.memberships.count()
    return ngettext("person of its team", "people of its team", number), number


FOLLOW = ()
CARRIES = (_people,)
KEEPS = ()
