"""The home of the console: what waits for staff, where calls stand, what comes and what is late."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from applications.models import Application
from applications.states import ApplicationStatus
from core.kit.days import BRUSSELS
from core.post.states import MailStatus
from pairings.models import Milestone, Pairing, PairingMember
from pairings.selectors import members_awaiting_answer, members_awaiting_signature
from pairings.states import LIVE, PairingStatus
from programme.calls.models import Call
from programme.calls.states import CallPhase
from reminders.selectors import visible_mails
from reminders.selectors.due import end_of

S = ApplicationStatus
AHEAD = dt.timedelta(days=60)
ROWS = 6
CALLS_SHOWN = 4
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
    def days_over(self) -> int:
        """Return how many days it is late."""
        return max((timezone.now() - self.at).days, 0)


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
    now = timezone.now()
    sees_pairings = user.has_perm("pairings.list_pairings")
    dates = _pairing_dates(user) if sees_pairings else []
    late = sorted((date for date in dates if date.at < now), key=lambda date: date.at)
    coming = [date for date in dates if now <= date.at <= now + AHEAD]
    calls = _calls() if sees_pairings else []
    coming += [_closing(call) for call in calls if call.closes_at and call.closes_at >= now]
    return Console(
        tiles=_tiles(user, dates, late),
        funnels=[_funnel(call, now) for call in calls[:CALLS_SHOWN]],
        ahead=sorted(coming, key=lambda date: date.at)[:ROWS],
        late=late[:ROWS],
        late_count=len(late),
        assigned=_assigned(user),
    )


def _tiles(user: User, dates: list[Ahead], late: list[Ahead]) -> list[Tile]:
    """Return what the person may act on or read; a tile without anything is left out."""
    tiles = []
    if user.has_perm("pairings.list_pairings"):
        tiles += _application_tiles(user)
        pairings = reverse("pairings:staff_list")
        waiting = [date for date in dates if date.tone == "warning"]
        tiles += [
            Tile(
                "pair",
                len(waiting),
                _("Answers and signatures awaited"),
                _("Proposed or accepted pairings"),
                f"{pairings}?status=live",
            ),
            Tile(
                "flag",
                len(late),
                _("Pairings at risk"),
                _("A date has passed"),
                "#late",
                "bad",
            ),
        ]
    if user.has_perm("post.view_outbox"):
        tiles += _mail_tiles(user)
    return [tile for tile in tiles if tile.number]


def _application_tiles(user: User) -> list[Tile]:
    visible = Application.objects.visible_to(user).order_by()
    paired = PairingMember.objects.filter(application=OuterRef("pk"), pairing__status__in=LIVE)
    facts = Application.objects.filter(pk__in=visible.values("pk")).aggregate(
        to_check=Count("pk", filter=Q(status=S.SUBMITTED)),
        oldest=Min("submitted_at", filter=Q(status=S.SUBMITTED)),
        to_decide=Count("pk", filter=Q(status=S.ELIGIBLE)),
        unpaired=Count("pk", filter=Q(~Exists(paired), status=S.ACCEPTED)),
    )
    page = reverse("applications:staff_list")
    days = (timezone.now() - facts["oldest"]).days if facts["oldest"] else 0
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
            "bad",
        ),
        Tile(
            "mail",
            facts["held"],
            _("Mails held back"),
            _("Release them when they may go"),
            f"{page}?view=held",
            "warn",
        ),
    ]


def _calls() -> list[Call]:
    """Return the calls that take or have taken applications here, the newest first."""
    sent = Application.objects.filter(call=OuterRef("pk"))
    calls = Call.objects.published().filter(
        Exists(sent) | Q(closes_at__gte=timezone.now()) | Q(pairings__status__in=LIVE)
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


def _funnel(call: Call, now: dt.datetime) -> Funnel:
    numbers = [
        (_("Sent"), call.sent),  # type: ignore[attr-defined]
        (_("Eligible"), call.eligible),  # type: ignore[attr-defined]
        (_("Accepted"), call.accepted),  # type: ignore[attr-defined]
        (_("Paired"), call.proposed),  # type: ignore[attr-defined]
        (_("Signed"), call.signed),  # type: ignore[attr-defined]
    ]
    most = max(number for _label, number in numbers) or 1
    steps = [
        FunnelStep(label, number, round(BAR_HEIGHT * number / most), left=BAR_STEP * place)
        for place, (label, number) in enumerate(numbers)
    ]
    return Funnel(call, call.phase(now), steps)


def _closing(call: Call) -> Ahead:
    assert call.closes_at is not None  # noqa: S101 - the caller asked
    return Ahead(
        at=call.closes_at,
        title=_("%(call)s closes") % {"call": call.title},
        note=_("Drafts: %(drafts)d, sent: %(sent)d") % {"drafts": call.drafts, "sent": call.sent},  # type: ignore[attr-defined]
        url=reverse("calls:staff_call", args=[call.slug]),
        tone="gold",
        state=_("Open"),
    )


def _pairing_dates(user: User) -> list[Ahead]:
    """Return what the pairings the person sees still have to do, each with its date."""
    visible = Pairing.objects.visible_to(user).live().values("pk")
    return [
        *_member_dates(
            members_awaiting_answer().filter(pairing__in=visible),
            "accept_by",
            _("Answer of %(city)s"),
            _("Answer awaited"),
        ),
        *_member_dates(
            members_awaiting_signature().filter(pairing__in=visible),
            "sign_by",
            _("Signature of %(city)s"),
            _("Signature awaited"),
        ),
        *(_milestone_date(milestone) for milestone in _open_milestones(visible)),
    ]


def _member_dates(
    members: Iterable[PairingMember], deadline: str, title: str, state: str
) -> list[Ahead]:
    return [
        Ahead(
            at=at,
            title=title % {"city": member.organisation.name},
            note=member.pairing.reference,
            url=reverse("pairings:staff_detail", args=[member.pairing.reference]),
            state=state,
            tone="warning",
        )
        for member in members
        if (at := getattr(member.pairing, deadline))
    ]


def _open_milestones(visible: "QuerySet[Pairing, Any]") -> "QuerySet[Milestone]":
    until = (timezone.now() + AHEAD).astimezone(BRUSSELS).date()
    return Milestone.objects.filter(
        pairing__in=visible,
        pairing__status=PairingStatus.RUNNING,
        done_at=None,
        due_on__lte=until,
    ).select_related("pairing")


def _milestone_date(milestone: Milestone) -> Ahead:
    return Ahead(
        at=end_of(milestone.due_on),
        title=milestone.title,
        note=milestone.pairing.reference,
        url=reverse("pairings:staff_detail", args=[milestone.pairing.reference]),
        whole_day=True,
        state=milestone.get_kind_display(),
        tone="info",
    )


def _assigned(user: User) -> list[Application]:
    """Return the applications that the person is to assess."""
    if not user.has_perm("applications.list_applications"):
        return []
    assigned = Application.objects.filter(assignments__assessor=user)
    return list(
        assigned.select_related("organisation__country", "call").order_by("submitted_at")[:20]
    )
