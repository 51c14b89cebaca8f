"""What cities owe in a pairing, and the milestones that staff watch."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.duties.catalogue import OVERDUE, Ask, Duty, duty, stream
from pairings.models import Milestone, Pairing, PairingMember
from pairings.selectors.dues import (
    ANSWER_OWED,
    MILESTONE_OWED,
    SIGNATURE_OWED,
    answer_due,
    milestone_due,
    report_due,
    signature_due,
)
from pairings.states import PartyAnswer
from programme.calls.states import MilestoneKind
from programme.organisations.states import LEADS, WRITERS

# Until when a report is only a milestone: days before it is due.
REPORT_AHEAD = 60
REPORTS = (MilestoneKind.REPORT, MilestoneKind.FINAL_REPORT)

PARTY = {
    "pairingmember": "pk",
    "pairing": "pairing",
    "call": "pairing__call",
    "organisation": "organisation",
}
MILESTONE = {"milestone": "pk", "pairing": "pairing", "call": "pairing__call"}


@duty(
    "acceptance",
    label=_("Answer to a pairing"),
    days=(7, 2, OVERDUE),
    to=LEADS,
    watched=True,
)
def acceptances(ask: Ask) -> Iterator[Duty]:
    """Each party that has not answered a proposal."""
    parties = ask.narrow(
        _parties(ask),
        is_open=ANSWER_OWED,
        is_done=Q(answer=PartyAnswer.ACCEPTED),
        owner={"organisation": "organisation"},
        about=PARTY,
        due="pairing__accept_by",
    )
    for member in stream(parties):
        yield answer_due(member, for_staff=ask.reader is not None)


@duty(
    "signature",
    label=_("Signature of the agreement"),
    days=(7, 2, OVERDUE),
    to=LEADS,
    watched=True,
)
def signatures(ask: Ask) -> Iterator[Duty]:
    """Each party whose signature an accepted pairing lacks."""
    parties = ask.narrow(
        _parties(ask),
        is_open=SIGNATURE_OWED,
        is_done=Q(signature__isnull=False),
        owner={"organisation": "organisation"},
        about=PARTY,
        due="pairing__sign_by",
    )
    for member in stream(parties):
        yield signature_due(member, for_staff=ask.reader is not None)


@duty("milestone", label=_("Milestone of a pairing"), watched=True)
def milestones(ask: Ask) -> Iterator[Duty]:
    """Each milestone of a running pairing, whatever it asks for."""
    rows = Milestone.objects.all()
    if ask.reader is None:
        # Its own cities read why it was moved; the list of dates for staff has no room for it.
        rows = rows.prefetch_related("moves")
    for milestone in stream(_milestones(ask, rows, {"pairing": "pairing"})):
        yield milestone_due(milestone, for_staff=ask.reader is not None)


@duty(
    "report",
    label=_("Progress report"),
    days=(14, 3, OVERDUE),
    to=WRITERS,
    ahead=REPORT_AHEAD,
)
def reports(ask: Ask) -> Iterator[Duty]:
    """Each progress or final report, from each city of the pairing."""
    # One row for each city of the pairing.
    rows: QuerySet[Any] = Milestone.objects.filter(kind__in=REPORTS).annotate(
        city=F("pairing__members__organisation")
    )
    for milestone in stream(_milestones(ask, rows, {"organisation": "city"})):
        yield report_due(milestone, organisation_id=milestone.city)


def _parties(ask: Ask) -> "QuerySet[PairingMember]":
    parties = PairingMember.objects.select_related("pairing", "organisation", "signature")
    parties = parties.order_by("pairing_id", "order", "pk")
    if ask.reader is not None:
        return parties.filter(pairing__in=Pairing.objects.visible_to(ask.reader).values("pk"))
    # Its own city reads the names of the others.
    names = PairingMember.objects.select_related("organisation")
    return parties.prefetch_related(Prefetch("pairing__members", names))


def _milestones(ask: Ask, rows: "QuerySet[Any]", owner: dict[str, str]) -> "QuerySet[Any]":
    if ask.reader is not None:
        rows = rows.filter(pairing__in=Pairing.objects.visible_to(ask.reader).values("pk"))
    return ask.narrow(
        rows.select_related("pairing"),
        is_open=MILESTONE_OWED,
        is_done=Q(done_at__isnull=False),
        owner=owner,
        about=MILESTONE | owner,
        due="due_on",
        whole_day=True,
    )
