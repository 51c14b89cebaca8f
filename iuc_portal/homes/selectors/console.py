"""The home of the console: what waits for staff, where calls stand, what comes and what is late."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from action_plans.selectors import pairings_without_plan
from applications.assessment.selectors.blind import blinded, is_read_blind
from applications.casework.selectors import given_to, unread_mentions
from applications.menu import LIST
from applications.models import Application
from applications.selectors import numbers_by_call, sent_applications
from applications.selectors.lists import TO_CHECK
from applications.states import ApplicationStatus
from core.kit.days import days_between, now
from core.post.states import MailStatus
from iuc_portal.homes.selectors.dates import ROWS, Ahead, dates_ahead, late_dates
from iuc_portal.homes.selectors.funnels import Counted, Funnel, calls_of_console, funnels_of
from iuc_portal.navigation import counted_with_menu
from pairings.models import PairingMember
from pairings.selectors import awaited_parties, pairings_at_risk
from pairings.selectors import numbers_by_call as pairing_numbers
from pairings.states import LIVE
from programme.organisations.models import Organisation
from reminders.selectors import visible_mails

S = ApplicationStatus
CALLS_SHOWN = 4


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
class Console:
    """All that the console's home shows."""

    tiles: list[Tile]
    funnels: list[Funnel]
    ahead: list[Ahead]
    late: list[Ahead]
    late_count: int
    assigned: list[Application]


def console_of(user: User) -> Console:
    """Return the home of the console for a member of staff.

    Neither the queries nor what they read grow with what the portal holds: rows are counted
    by the database, and fetched for what is shown.
    """
    at = now()
    sees_pairings = user.has_perm("pairings.list_pairings")
    may_check = user.has_perm("applications.list_to_check")
    counted = Counted(numbers_by_call(user) if sees_pairings or may_check else [])
    numbers = counted_with_menu(user, _to_count(user, at))
    paired = pairing_numbers(user) if sees_pairings else {}
    calls = calls_of_console(counted, paired, at) if sees_pairings else []
    late = pairings_at_risk(user, at)[:ROWS] if sees_pairings else []
    return Console(
        tiles=_tiles(user, at, counted, numbers),
        funnels=funnels_of(calls[:CALLS_SHOWN], counted, paired, at),
        ahead=dates_ahead(user, calls, counted, at) if sees_pairings else [],
        late=late_dates(user, late, at),
        late_count=numbers.get("at_risk", 0),
        assigned=_read_first(user) if numbers.get("assigned") else [],
    )


def _to_count(user: User, at: dt.datetime) -> "dict[str, QuerySet[Any]]":
    """Return what the tiles count, for who may see it."""
    wanted: dict[str, QuerySet[Any]] = {}
    if user.has_perm("applications.list_applications"):
        wanted["assigned"] = _assigned(user)
    if user.has_perm("applications.list_to_check"):
        paired = PairingMember.objects.filter(application=OuterRef("pk"), pairing__status__in=LIVE)
        accepted = sent_applications(user).filter(status=S.ACCEPTED)
        wanted["unpaired"] = accepted.filter(~Exists(paired))
    if user.has_perm("casework.list_notes"):
        wanted["given"] = given_to(user)
        wanted["mentions"] = unread_mentions(user)
    if user.has_perm("pairings.list_pairings"):
        wanted["awaited"] = awaited_parties(user)
        wanted["at_risk"] = pairings_at_risk(user, at)
    if user.has_perm("action_plans.list_plans"):
        wanted["without_plan"] = pairings_without_plan(user)
    if user.has_perm("organisations.list_organisations"):
        wanted["without_lead"] = Organisation.objects.reached_by(user).without_lead()
    if user.has_perm("post.view_outbox"):
        mails = visible_mails(user)
        wanted["failed"] = mails.filter(status=MailStatus.FAILED)
        wanted["held"] = mails.filter(status=MailStatus.HELD)
    return wanted


def _tiles(user: User, at: dt.datetime, counted: Counted, numbers: dict[str, int]) -> list[Tile]:
    """Return what the person may act on or read; a tile without anything is left out."""
    tiles = []
    if user.has_perm("applications.list_to_check"):
        tiles += _application_tiles(user, at, counted, numbers)
    if user.has_perm("casework.list_notes"):
        tiles += _case_tiles(numbers)
    if user.has_perm("pairings.list_pairings"):
        pairings = reverse("pairings:staff_list")
        tiles += [
            Tile(
                "pair",
                numbers["awaited"],
                _("Answers and signatures awaited"),
                _("Proposed or accepted pairings"),
                f"{pairings}?status=live",
            ),
            Tile(
                "flag",
                numbers["at_risk"],
                _("Pairings at risk"),
                _("A date has passed"),
                "#late",
                "danger",
            ),
        ]
    if user.has_perm("action_plans.list_plans"):
        tiles.append(
            Tile(
                "alert",
                numbers["without_plan"],
                _("Running pairings without a plan"),
                _("Their cities cannot write yet"),
                reverse("action_plans:staff_list"),
                "danger",
            )
        )
    if user.has_perm("organisations.list_organisations"):
        tiles.append(
            Tile(
                "user",
                numbers["without_lead"],
                _("Organisations without a lead"),
                _("What is due reaches nobody who may do it"),
                f"{reverse('organisations:staff_organisations')}?lead=none",
                "warning",
            )
        )
    if user.has_perm("post.view_outbox"):
        tiles += _mail_tiles(user, numbers)
    return [tile for tile in tiles if tile.number]


def _application_tiles(
    user: User, at: dt.datetime, counted: Counted, numbers: dict[str, int]
) -> list[Tile]:
    oldest = counted.oldest.get(S.SUBMITTED)
    page = reverse("applications:staff_list")
    days = days_between(oldest, at) if oldest else 0
    return [
        Tile(
            "check-circle",
            numbers[LIST],
            _("Eligibility to check"),
            ngettext("Oldest waits %(n)d day", "Oldest waits %(n)d days", days) % {"n": days}
            if days
            else _("The oldest came today"),
            f"{page}?view={TO_CHECK}",
        ),
        Tile(
            "edit",
            counted.by_status[S.ELIGIBLE],
            _("Eligible, to decide"),
            # Whoever may not decide reads who does.
            _("Accept, reserve or reject")
            if user.has_perm("applications.list_to_decide")
            else _("Coordinators decide"),
            f"{page}?status={S.ELIGIBLE}",
        ),
        Tile(
            "users",
            numbers["unpaired"],
            _("Accepted, without a partner"),
            _("Ready to be paired"),
            f"{page}?status={S.ACCEPTED}",
        ),
    ]


def _case_tiles(numbers: dict[str, int]) -> list[Tile]:
    return [
        Tile(
            "user",
            numbers["given"],
            _("Applications given to you"),
            _("A colleague lets you look after them"),
            f"{reverse('applications:staff_list')}?owner=me",
        ),
        Tile(
            "message",
            numbers["mentions"],
            _("Notes for you"),
            _("Colleagues call you in them"),
            reverse("casework:mine"),
        ),
    ]


def _mail_tiles(user: User, numbers: dict[str, int]) -> list[Tile]:
    page = reverse("reminders:outbox")
    may_act = user.has_perm("post.manage_outbox")
    return [
        Tile(
            "mail",
            numbers["failed"],
            _("Mails failed"),
            _("See why, then try again") if may_act else _("See why"),
            f"{page}?view=failed",
            "danger",
        ),
        Tile(
            "mail",
            numbers["held"],
            _("Mails held back"),
            _("Release them when they may go") if may_act else _("Coordinators let them go"),
            f"{page}?view=held",
            "warning",
        ),
    ]


def _assigned(user: User) -> "QuerySet[Application]":
    """Return what the person is to assess and may see, also what they read without names."""
    return Application.objects.to_read_by(user)


def _read_first(user: User) -> list[Application]:
    """Return the applications that the person is to assess."""
    related = ("organisation__country", "call__assessment_plan")
    rows = _assigned(user).select_related(*related).order_by("submitted_at")[:20]
    return [blinded(row) if is_read_blind(row) else row for row in rows]
