"""The way of a pairing in steps, and where it stands; made from what is already fetched."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.duties.catalogue import Duty
from core.kit.days import BRUSSELS, days_in_words
from pairings.models import Milestone, Pairing, PairingMember
from pairings.selectors.dues import answer_due, milestone_due, signature_due
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
    duties = [milestone_due(milestone) for milestone in pairing.milestones.all()]
    runs = pairing.status == PairingStatus.RUNNING
    upcoming = next((duty for duty in duties if not duty.done), None) if runs else None
    steps += [_milestone(duty, today, is_next=duty is upcoming) for duty in duties]
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
    return days_in_words((day - today).days)


def monitor_row(pairing: Pairing, today: dt.date) -> MonitorRow:
    """Return the row of a pairing fetched by `staff_pairings`."""
    # As `staff_pairings` has prefetched them.
    fetched: Any = pairing
    milestones: list[Milestone] = fetched.open_milestones
    following = milestones[0] if milestones and pairing.status == S.RUNNING else None
    return MonitorRow(
        pairing=pairing,
        eu=_answers(pairing, pairing.eu_members, today),
        partner=_answers(pairing, pairing.partner_members, today),
        agreement=_agreement(pairing, today),
        next_title=following.title if following else "",
        next=_due(milestone_due(following), today) if following else _nothing(),
    )


def _first_steps(pairing: Pairing) -> list[Step]:
    members = list(pairing.members.all())
    answers = [answer_due(member) for member in members]
    signatures = [signature_due(member) for member in members]
    live = pairing.status in {S.PROPOSED, S.ACCEPTED}
    all_accepted = _done(answers) == len(answers)
    steps = [
        Step(_day(pairing.proposed_at), _("Proposed"), "", "done"),
        Step(
            _day(pairing.accept_by),
            _("All regions accept") if pairing.is_region else _("All cities accept"),
            _part(answers),
            "done" if all_accepted else "now" * live,
        ),
    ]
    if live:
        steps += [
            Step(
                _day(pairing.sign_by),
                _("All regions sign the agreement")
                if pairing.is_region
                else _("All cities sign the agreement"),
                _part(signatures) if all_accepted else "",
                "now" if all_accepted else "",
            ),
            Step("", _("The cooperation starts"), _("With the last signature.")),
        ]
    return steps


def _answers(pairing: Pairing, members: list[PairingMember], today: dt.date) -> Cell:
    if pairing.status == S.PUBLISHED:
        return _nothing()
    if any(m.answer == PartyAnswer.DECLINED for m in members):
        return Cell("out", "×", _("declined"))
    answers = [answer_due(member) for member in members]
    if _done(answers) == len(answers):
        return Cell("done", "", _("done"))
    return _due(answers[0], today) if pairing.status == S.PROPOSED else _nothing()


def _agreement(pairing: Pairing, today: dt.date) -> Cell:
    if pairing.status in {S.RUNNING, S.COMPLETED} or pairing.started_on:
        return Cell("done", "", _("done"))
    if pairing.status != S.ACCEPTED:
        return _nothing()
    return _due(signature_due(pairing.members.all()[0]), today)


def _due(duty: Duty, today: dt.date) -> Cell:
    if duty.due is None:
        return _nothing()
    days = (duty.due.astimezone(BRUSSELS).date() - today).days
    if days < 0:
        return Cell("over", f"+{-days}", days_in_words(days))
    return Cell("soon" if days <= SOON_DAYS else "later", str(days), days_in_words(days))


def _nothing() -> Cell:
    return Cell("none", "", _("not yet"))


def _milestone(duty: Duty, today: dt.date, *, is_next: bool) -> Step:
    assert duty.due is not None  # noqa: S101 - a milestone has a day
    day = duty.due.date()
    text = "" if duty.done else ". ".join(filter(None, [days_to(day, today), duty.words.note]))
    state = "done" if duty.done else "now" if is_next else ""
    return Step(_date(day), duty.words.title, text, state)


def _done(duties: list[Duty]) -> int:
    return sum(duty.done for duty in duties)


def _part(duties: list[Duty]) -> str:
    return _("%(done)d of %(total)d") % {"done": _done(duties), "total": len(duties)}


def _date(day: dt.date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _day(at: dt.datetime | None) -> str:
    return _date(timezone.localdate(at, BRUSSELS)) if at else ""
