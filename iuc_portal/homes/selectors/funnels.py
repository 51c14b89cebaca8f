"""Where each call stands, of what the person sees."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from applications.selectors import Number
from applications.states import ApplicationStatus
from pairings.states import LIVE, PairingStatus
from programme.calls.models import Call
from programme.calls.states import CallPhase

S = ApplicationStatus
ELIGIBLE_ONCE = (S.ELIGIBLE, S.ACCEPTED, S.RESERVE, S.REJECTED)
SIGNED = (PairingStatus.RUNNING, PairingStatus.COMPLETED)
BAR_HEIGHT, BAR_STEP = 76, 128
# Pairings by call and status, as `pairings.selectors` counts them.
PairingNumbers = dict[int, dict[str, int]]


@dataclass(frozen=True)
class FunnelStep:
    """A stage of a call: how many got there, and its bar."""

    label: str
    number: int
    height: int
    # Where its bar stands, from the left.
    left: int

    @property
    def top(self) -> int:
        """Return where the bar begins."""
        return BAR_HEIGHT - self.height


@dataclass(frozen=True)
class Funnel:
    """Where a call stands."""

    call: Call
    phase: CallPhase
    steps: list[FunnelStep]


class Counted:
    """The applications of each call by status, as `applications.selectors` counts them."""

    def __init__(self, numbers: Iterable[Number]) -> None:
        self.by_call: dict[int, Counter[str]] = {}
        self.by_status: Counter[str] = Counter()
        self.oldest: dict[str, dt.datetime] = {}
        for row in numbers:
            self.by_call.setdefault(row.call, Counter())[row.status] = row.number
            self.by_status[row.status] += row.number
            if row.oldest:
                self.oldest[row.status] = min(row.oldest, self.oldest.get(row.status, row.oldest))

    def drafts(self, call: Call) -> int:
        """Return how many drafts a call has."""
        return self.by_call.get(call.pk, Counter())[S.DRAFT]

    def sent(self, call: Call) -> int:
        """Return how many applications were sent to a call."""
        return self.by_call.get(call.pk, Counter()).total() - self.drafts(call)

    def number(self, call: Call, statuses: Iterable[str]) -> int:
        """Return how many applications of a call have one of these statuses."""
        return sum(self.by_call.get(call.pk, Counter())[status] for status in statuses)


def calls_of_console(counted: Counted, paired: PairingNumbers, at: dt.datetime) -> list[Call]:
    """Return the calls that take applications or of which something was counted, newest first."""
    known = {*counted.by_call, *paired}
    calls = Call.objects.published().filter(Q(pk__in=known) | Q(closes_at__gte=at))
    return list(calls.order_by("-closes_at"))


def funnels_of(
    calls: list[Call], counted: Counted, paired: PairingNumbers, at: dt.datetime
) -> list[Funnel]:
    """Return where these calls stand."""
    return [_funnel(call, counted, paired.get(call.pk, {}), at) for call in calls]


def _funnel(call: Call, counted: Counted, pairings: dict[str, int], at: dt.datetime) -> Funnel:
    numbers = [
        (_("Sent"), counted.sent(call)),
        (_("Eligible"), counted.number(call, ELIGIBLE_ONCE)),
        (_("Accepted"), counted.number(call, [S.ACCEPTED])),
        (_("Paired"), sum(pairings.get(status, 0) for status in LIVE)),
        (_("Signed"), sum(pairings.get(status, 0) for status in SIGNED)),
    ]
    most = max(number for _label, number in numbers) or 1
    steps = [
        FunnelStep(label, number, round(BAR_HEIGHT * number / most), left=BAR_STEP * place)
        for place, (label, number) in enumerate(numbers)
    ]
    return Funnel(call, call.phase(at), steps)
