"""What cities owe in a pairing, and the milestones that staff watch."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.duties.catalogue import OVERDUE, Ask, Duty, Search, duty
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
def acceptances(ask: Ask) -> Search[PairingMember]:
    """Each party that has not answered a proposal."""
    return ask.search(
        _parties(ask),
        partial(answer_due, for_staff=ask.reader is not None),
        is_open=ANSWER_OWED,
        is_done=Q(answer=PartyAnswer.ACCEPTED),
        owner={"organisation": "organisation"},
        about=PARTY,
        due="pairing__accept_by",
    )


@duty(
    "signature",
    label=_("Signature of the agreement"),
    days=(7, 2, OVERDUE),
    to=LEADS,
    watched=True,
)
def signatures(ask: Ask) -> Search[PairingMember]:
    """Each party whose signature an accepted pairing lacks."""
    return ask.search(
        _parties(ask),
        partial(signature_due, for_staff=ask.reader is not None),
        is_open=SIGNATURE_OWED,
        is_done=Q(signature__isnull=False),
        owner={"organisation": "organisation"},
        about=PARTY,
        due="pairing__sign_by",
    )


@duty("milestone", label=_("Milestone of a pairing"), watched=True)
def milestones(ask: Ask) -> Search[Milestone]:
    """Each milestone of a running pairing, whatever it asks for."""
    rows = Milestone.objects.all()
    if ask.reader is None:
        # Its own cities read why it was moved; the list of dates for staff has no room for it.
        rows = rows.prefetch_related("moves")
    due = partial(milestone_due, for_staff=ask.reader is not None)
    return _milestones(ask, rows, due, {"pairing": "pairing"})


@duty(
    "report",
    label=_("Progress report"),
    days=(14, 3, OVERDUE),
    to=WRITERS,
    ahead=REPORT_AHEAD,
)
def reports(ask: Ask) -> Search[Any]:
    """Each progress or final report, from each city of the pairing."""
    # One row for each city of the pairing.
    rows: QuerySet[Any] = Milestone.objects.filter(kind__in=REPORTS).annotate(
        city=F("pairing__members__organisation")
    )
    return _milestones(ask, rows, _report_due, {"organisation": "city"})


def _report_due(row: Any) -> Duty:
    return report_due(row, organisation_id=row.city)


def _parties(ask: Ask) -> "QuerySet[PairingMember]":
    parties = PairingMember.objects.select_related("pairing", "organisation", "signature")
    parties = parties.order_by("pairing_id", "order", "pk")
    if ask.reader is not None:
        return parties.filter(pairing__in=Pairing.objects.visible_to(ask.reader).values("pk"))
    # Its own city reads the names of the others.
    names = PairingMember.objects.select_related("organisation")
    return parties.prefetch_related(Prefetch("pairing__members", names))


def _milestones(
    ask: Ask, rows: "QuerySet[Any]", due: Callable[[Any], Duty], owner: dict[str, str]
) -> Search[Any]:
    if ask.reader is not None:
        rows = rows.filter(pairing__in=Pairing.objects.visible_to(ask.reader).values("pk"))
    return ask.search(
        rows.select_related("pairing"),
        due,
        is_open=MILESTONE_OWED,
        is_done=Q(done_at__isnull=False),
        owner=owner,
        about=MILESTONE | owner,
        due="due_on",
        whole_day=True,
    )
