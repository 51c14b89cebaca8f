"""The way of a pairing in steps, and where it stands; made from what is already fetched."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.kit.days import BRUSSELS
from pairings.models import Milestone, Pairing, PairingMember
from pairings.states import PairingStatus, PartyAnswer

SOON_DAYS = 14
S = PairingStatus


@dataclass(frozen=True)
class Step:
    """A step as components/timeline.html takes it; `state` is done, now or ""."""

    date: str
    title: str
    text: str = ""
    state: str = ""


@dataclass(frozen=True)
class Cell:
    """A field of the monitor: what it shows, what it says, and its kind for the colour.

    Kinds: done, over(due), soon, later, none (not reached), out (declined or cancelled).
    """

    kind: str
    shown: str
    said: str


@dataclass(frozen=True)
class MonitorRow:
    """A pairing in the staff list."""

    pairing: Pairing
    eu: Cell
    partner: Cell
    agreement: Cell
    next_title: str
    next: Cell


def timeline(pairing: Pairing, today: dt.date) -> list[Step]:
    """Return the steps from the proposal to the end. A published record has none."""
    if pairing.status == PairingStatus.PUBLISHED:
        return []
    if not pairing.started_on:
        return _first_steps(pairing)
    steps = [
        Step(
            _date(pairing.started_on),
            _("Agreement signed by all"),
            _("The clock starts."),
            "done",
        )
    ]
    upcoming = next_milestone(pairing)
    steps += [
        Step(
            _date(milestone.due_on),
            milestone.title,
            _about(milestone, today),
            "done" if milestone.done_at else "now" if milestone == upcoming else "",
        )
        for milestone in pairing.milestones.all()
    ]
    if pairing.ends_on:
        over = pairing.status == PairingStatus.COMPLETED
        steps.append(Step(_date(pairing.ends_on), _("The cooperation ends"), "", "done" * over))
    return steps


def next_milestone(pairing: Pairing) -> Milestone | None:
    """Return the first milestone that is not done; only while the pairing runs."""
    if pairing.status != PairingStatus.RUNNING:
        return None
    return next((m for m in pairing.milestones.all() if not m.done_at), None)


def days_to(day: dt.date, today: dt.date) -> str:
    """Say how far away a day is: "In 17 days", "Today", "3 days overdue"."""
    days = (day - today).days
    if days == 0:
        return _("Today")
    if days > 0:
        return ngettext("In %(n)d day", "In %(n)d days", days) % {"n": days}
    return ngettext("%(n)d day overdue", "%(n)d days overdue", -days) % {"n": -days}


def monitor_row(pairing: Pairing, today: dt.date) -> MonitorRow:
    """Return the row of a pairing fetched by `staff_pairings`."""
    milestones: list[Milestone] = pairing.open_milestones  # type: ignore[attr-defined]
    following = milestones[0] if milestones and pairing.status == PairingStatus.RUNNING else None
    return MonitorRow(
        pairing=pairing,
        eu=_answers(pairing, pairing.eu_members, today),
        partner=_answers(pairing, pairing.partner_members, today),
        agreement=_agreement(pairing, today),
        next_title=following.title if following else "",
        next=_due(following.due_on, today) if following else _nothing(),
    )


def _first_steps(pairing: Pairing) -> list[Step]:
    members = list(pairing.members.all())
    accepted = [m for m in members if m.answer == PartyAnswer.ACCEPTED]
    signed = [m for m in members if hasattr(m, "signature")]
    proposed, live = pairing.proposed_at, pairing.status in {S.PROPOSED, S.ACCEPTED}
    steps = [Step(_instant(proposed), _("Proposed"), "", "done")]
    all_accepted = len(accepted) == len(members)
    steps.append(
        Step(
            _instant(pairing.accept_by),
            _("All cities accept"),
            _part(len(accepted), len(members)),
            "done" if all_accepted else "now" * live,
        )
    )
    if live:
        text = _part(len(signed), len(members)) if all_accepted else ""
        state = "now" if all_accepted else ""
        steps += [
            Step(_instant(pairing.sign_by), _("All cities sign the agreement"), text, state),
            Step("", _("The cooperation starts"), _("With the last signature.")),
        ]
    return steps


def _answers(pairing: Pairing, members: list[PairingMember], today: dt.date) -> Cell:
    if pairing.status == S.PUBLISHED:
        return _nothing()
    if any(m.answer == PartyAnswer.DECLINED for m in members):
        return Cell("out", "×", _("declined"))
    if all(m.answer == PartyAnswer.ACCEPTED for m in members):
        return Cell("done", "", _("done"))
    if pairing.status != S.PROPOSED or pairing.accept_by is None:
        return _nothing()
    return _due(timezone.localdate(pairing.accept_by, BRUSSELS), today)


def _agreement(pairing: Pairing, today: dt.date) -> Cell:
    if pairing.status in {S.RUNNING, S.COMPLETED} or pairing.started_on:
        return Cell("done", "", _("done"))
    if pairing.status != S.ACCEPTED or pairing.sign_by is None:
        return _nothing()
    return _due(timezone.localdate(pairing.sign_by, BRUSSELS), today)


def _due(day: dt.date, today: dt.date) -> Cell:
    days = (day - today).days
    if days < 0:
        return Cell("over", f"+{-days}", days_to(day, today))
    return Cell("soon" if days <= SOON_DAYS else "later", str(days), days_to(day, today))


def _nothing() -> Cell:
    return Cell("none", "", _("not yet"))


def _about(milestone: Milestone, today: dt.date) -> str:
    moved = _("Moved: %(reason)s") % {"reason": milestone.moved_reason}
    if milestone.done_at:
        return ""
    words = days_to(milestone.due_on, today)
    return f"{words}. {moved}" if milestone.moved_reason else words


def _part(done: int, total: int) -> str:
    return _("%(done)d of %(total)d") % {"done": done, "total": total}


def _date(day: dt.date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _instant(at: dt.datetime | None) -> str:
    return _date(timezone.localdate(at, BRUSSELS)) if at else ""
