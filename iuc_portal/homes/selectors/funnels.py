"""Where each call stands, of what the person sees."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application
from applications.selectors import Number
from applications.states import ApplicationStatus
from pairings.models import Pairing
from pairings.selectors import numbers_by_call
from pairings.states import LIVE, PairingStatus
from programme.calls.models import Call
from programme.calls.states import CallPhase

S = ApplicationStatus
ELIGIBLE_ONCE = (S.ELIGIBLE, S.ACCEPTED, S.RESERVE, S.REJECTED)
SIGNED = (PairingStatus.RUNNING, PairingStatus.COMPLETED)
BAR_HEIGHT, BAR_STEP = 76, 128


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


def calls_of_console(at: dt.datetime) -> list[Call]:
    """Return the calls that take or have taken applications here, the newest first."""
    sent = Application.objects.filter(call=OuterRef("pk"))
    paired = Pairing.objects.filter(call=OuterRef("pk"), status__in=LIVE)
    calls = Call.objects.published().filter(Exists(sent) | Q(closes_at__gte=at) | Exists(paired))
    return list(calls.order_by("-closes_at"))


def funnels_of(user: User, calls: list[Call], counted: Counted, at: dt.datetime) -> list[Funnel]:
    """Return where these calls stand; one query."""
    pairings = numbers_by_call(user) if calls else {}
    return [_funnel(call, counted, pairings.get(call.pk, {}), at) for call in calls]


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
