"""The home of the console: what waits for staff, where calls stand, what comes and what is late."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from applications.models import Application
from applications.states import ApplicationStatus
from core.duties.catalogue import Ask, Duty, find, kinds
from core.kit.days import days_between, days_in_words, now
from core.post.states import MailStatus
from pairings.models import PairingMember
from pairings.states import LIVE, PairingStatus
from programme.calls.models import Call
from programme.calls.states import CallPhase
from reminders.selectors import visible_mails

S = ApplicationStatus
AHEAD = dt.timedelta(days=60)
ROWS = 6
CALLS_SHOWN = 4
# What cities are waited for, however far ahead its date.
AWAITED = ("acceptance", "signature")
ELIGIBLE_ONCE = (S.ELIGIBLE, S.ACCEPTED, S.RESERVE, S.REJECTED)
BAR_HEIGHT, BAR_STEP = 76, 128


@dataclass(frozen=True)
class Tile:
    """A number that asks for somebody, with the list behind it."""

    icon: str
    number: int
    title: str
    note: str
    url: str
    tone: str = "n"


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


@dataclass(frozen=True)
class Ahead:
    """A date that comes, or that has passed without what it asked for."""

    at: dt.datetime
    title: str
    note: str
    url: str
    whole_day: bool = False
    state: str = ""
    tone: str = ""

    @property
    def when(self) -> str:
        """Return how far away the day is, in words."""
        return days_in_words(days_between(now(), self.at))


@dataclass(frozen=True)
class Console:
    """All that the console's home shows."""

    tiles: list[Tile]
    funnels: list[Funnel]
    ahead: list[Ahead]
    late: list[Ahead]
    late_count: int
    assigned: list[Application]


def console_of(user: User) -> Console:
    """Return the home of the console for a member of staff; the queries do not grow."""
    at = now()
    sees_pairings = user.has_perm("pairings.list_pairings")
    awaited, others = _watched(user, at) if sees_pairings else ([], [])
    dates = sorted(
        ((duty.due, duty) for duty in (*awaited, *others) if duty.due), key=lambda pair: pair[0]
    )
    late = [duty for due, duty in dates if due < at]
    coming = [duty for due, duty in dates if at <= due <= at + AHEAD][:ROWS]
    calls = _calls(at) if sees_pairings else []
    ahead = [_date(duty) for duty in coming]
    ahead += [_closing(call) for call in calls if call.closes_at and call.closes_at >= at]
    return Console(
        tiles=_tiles(user, at, awaited=len(awaited), late=len(late)),
        funnels=[_funnel(call, at) for call in calls[:CALLS_SHOWN]],
        ahead=sorted(ahead, key=lambda date: date.at)[:ROWS],
        late=[_date(duty) for duty in late[:ROWS]],
        late_count=len(late),
        assigned=_assigned(user),
    )


def _watched(user: User, at: dt.datetime) -> tuple[list[Duty], list[Duty]]:
    """Return what cities are waited for, and the other dates that staff watch.

    Words are written for the few that are shown.
    """
    watched = [kind for kind in kinds().values() if kind.watched]
    awaited = [kind for kind in watched if kind.key in AWAITED]
    others = [kind for kind in watched if kind.key not in AWAITED]
    return (
        list(find(Ask(reader=user, now=at), awaited)),
        list(find(Ask(reader=user, now=at, due_until=at + AHEAD), others)),
    )


def _date(duty: Duty) -> Ahead:
    assert duty.due is not None  # noqa: S101 - the caller asked
    words = duty.words
    return Ahead(
        at=duty.due,
        title=words.title,
        note=words.context,
        url=duty.page,
        whole_day=duty.whole_day,
        state=words.state,
        tone=words.tone,
    )


def _tiles(user: User, at: dt.datetime, *, awaited: int, late: int) -> list[Tile]:
    """Return what the person may act on or read; a tile without anything is left out."""
    tiles = []
    if user.has_perm("applications.list_to_check"):
        tiles += _application_tiles(user, at)
    if user.has_perm("pairings.list_pairings"):
        pairings = reverse("pairings:staff_list")
        tiles += [
            Tile(
                "pair",
                awaited,
                _("Answers and signatures awaited"),
                _("Proposed or accepted pairings"),
                f"{pairings}?status=live",
            ),
            Tile(
                "flag",
                late,
                _("Pairings at risk"),
                _("A date has passed"),
                "#late",
                "danger",
            ),
        ]
    if user.has_perm("post.view_outbox"):
        tiles += _mail_tiles(user)
    return [tile for tile in tiles if tile.number]


def _application_tiles(user: User, at: dt.datetime) -> list[Tile]:
    visible = Application.objects.visible_to(user).order_by()
    paired = PairingMember.objects.filter(application=OuterRef("pk"), pairing__status__in=LIVE)
    facts = Application.objects.filter(pk__in=visible.values("pk")).aggregate(
        to_check=Count("pk", filter=Q(status=S.SUBMITTED)),
        oldest=Min("submitted_at", filter=Q(status=S.SUBMITTED)),
        to_decide=Count("pk", filter=Q(status=S.ELIGIBLE)),
        unpaired=Count("pk", filter=Q(~Exists(paired), status=S.ACCEPTED)),
    )
    page = reverse("applications:staff_list")
    days = (at - facts["oldest"]).days if facts["oldest"] else 0
    return [
        Tile(
            "check-circle",
            facts["to_check"],
            _("Eligibility to check"),
            ngettext("Oldest waits %(n)d day", "Oldest waits %(n)d days", days) % {"n": days}
            if days
            else _("The oldest came today"),
            f"{page}?status={S.SUBMITTED}",
        ),
        Tile(
            "edit",
            facts["to_decide"],
            _("Eligible, to decide"),
            _("Accept, reserve or reject"),
            f"{page}?status={S.ELIGIBLE}",
        ),
        Tile(
            "users",
            facts["unpaired"],
            _("Accepted, without a partner"),
            _("Ready to be paired"),
            f"{page}?status={S.ACCEPTED}",
        ),
    ]


def _mail_tiles(user: User) -> list[Tile]:
    facts = visible_mails(user).aggregate(
        failed=Count("pk", filter=Q(status=MailStatus.FAILED)),
        held=Count("pk", filter=Q(status=MailStatus.HELD)),
    )
    page = reverse("reminders:outbox")
    return [
        Tile(
            "mail",
            facts["failed"],
            _("Mails failed"),
            _("See why, then try again"),
            f"{page}?view=failed",
            "danger",
        ),
        Tile(
            "mail",
            facts["held"],
            _("Mails held back"),
            _("Release them when they may go"),
            f"{page}?view=held",
            "warning",
        ),
    ]


def _calls(at: dt.datetime) -> list[Call]:
    """Return the calls that take or have taken applications here, the newest first."""
    sent = Application.objects.filter(call=OuterRef("pk"))
    calls = Call.objects.published().filter(
        Exists(sent) | Q(closes_at__gte=at) | Q(pairings__status__in=LIVE)
    )
    return list(
        calls.annotate(
            drafts=_number(Q(applications__status=S.DRAFT)),
            sent=_number(Q(applications__submitted_at__isnull=False)),
            eligible=_number(Q(applications__status__in=ELIGIBLE_ONCE)),
            accepted=_number(Q(applications__status=S.ACCEPTED)),
            proposed=_pairing_number(Q(pairings__status__in=LIVE)),
            signed=_pairing_number(
                Q(pairings__status__in=[PairingStatus.RUNNING, PairingStatus.COMPLETED])
            ),
        )
        .order_by("-closes_at")
        .distinct()
    )


def _number(which: Q) -> Count:
    return Count("applications", filter=which, distinct=True)


def _pairing_number(which: Q) -> Count:
    return Count("pairings", filter=which, distinct=True)


def _funnel(call: Call, at: dt.datetime) -> Funnel:
    # With the numbers that `_calls` has annotated.
    counted: Any = call
    numbers = [
        (_("Sent"), counted.sent),
        (_("Eligible"), counted.eligible),
        (_("Accepted"), counted.accepted),
        (_("Paired"), counted.proposed),
        (_("Signed"), counted.signed),
    ]
    most = max(number for _label, number in numbers) or 1
    steps = [
        FunnelStep(label, number, round(BAR_HEIGHT * number / most), left=BAR_STEP * place)
        for place, (label, number) in enumerate(numbers)
    ]
    return Funnel(call, call.phase(at), steps)


def _closing(call: Call) -> Ahead:
    assert call.closes_at is not None  # noqa: S101 - the caller asked
    counted: Any = call
    numbers = {"drafts": counted.drafts, "sent": counted.sent}
    return Ahead(
        at=call.closes_at,
        title=_("%(call)s closes") % {"call": call.title},
        note=_("Drafts: %(drafts)d, sent: %(sent)d") % numbers,
        url=reverse("calls:staff_call", args=[call.slug]),
        tone="gold",
        state=_("Open"),
    )


def _assigned(user: User) -> list[Application]:
    """Return the applications that the person is to assess."""
    if not user.has_perm("applications.list_applications"):
        return []
    assigned = Application.objects.filter(assignments__assessor=user)
    return list(
        assigned.select_related("organisation__country", "call").order_by("submitted_at")[:20]
    )
