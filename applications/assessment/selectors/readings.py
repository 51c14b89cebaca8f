"""What an assessor has to read, and how far they are."""

from dataclasses import dataclass, field
from typing import cast

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet

from accounts.models import User
from applications.assessment.models import AssessmentPlan
from applications.assessment.selectors.blind import blinded, is_read_blind
from applications.assessment.selectors.interests import IS_ASSESSED, undeclared
from applications.assessment.states import ANSWERED, AssessmentStatus
from applications.models import Application, Assignment
from applications.states import ApplicationStatus
from programme.calls.models import Call

S = AssessmentStatus


# What can be scored now: found eligible, not decided, of a call whose assessment goes on. Of an
# application says it `can_be_scored`.
SCORABLE = Q(
    application__status=ApplicationStatus.ELIGIBLE,
    application__call__assessment_plan__closed_at=None,
)
# What still needs something of its assessor.
IS_OPEN = SCORABLE & (Q(assessment=None) | Q(assessment__status=S.DRAFT))


def can_be_scored(application: Application) -> bool:
    """Whether its assessors can write: it is found eligible, not decided, and nothing is closed."""
    if application.status != ApplicationStatus.ELIGIBLE:
        return False
    plan = _plan_of(application.call)
    return plan is None or plan.closed_at is None


@dataclass(frozen=True)
class Reading:
    """One application of a reader's list, with what they have made of it."""

    application: Application
    status: str

    @property
    def is_early(self) -> bool:
        """Whether it is not to score yet: the check of what was sent goes on."""
        plan = _plan_of(self.application.call)
        is_closed = plan is not None and plan.closed_at is not None
        return self.application.status == ApplicationStatus.SUBMITTED and not is_closed

    @property
    def is_over(self) -> bool:
        """Whether it needs nothing of its reader: they have answered, or nobody scores it now."""
        is_asked = self.is_early or can_be_scored(self.application)
        return self.status in ANSWERED or not is_asked


@dataclass
class OfCall:
    """What an assessor has of one call; `undeclared` are still out of sight.

    `has_declared`: they have said of its applicants, at any time, with whom they have a link.
    """

    call: Call
    plan: AssessmentPlan | None
    undeclared: int = 0
    has_declared: bool = True
    readings: list[Reading] = field(default_factory=list)

    @property
    def done(self) -> int:
        """Return how many need nothing of the assessor any more."""
        return sum(row.is_over for row in self.readings)


def open_readings(user: User) -> "QuerySet[Assignment]":
    """Return what the person is to score now and has not handed in, links apart."""
    linked = user.conflicts.filter(lifted_at=None).values("application")
    return user.assignments.filter(IS_OPEN).exclude(application__in=linked)


def readings_of(user: User) -> list[OfCall]:
    """Return what the assessor has to read, by call, what is open first; five queries.

    A call whose assessment goes on is there from the opening on, for who has not declared:
    nothing is assigned to them before.
    """
    waiting = undeclared(user)
    rows = (
        Application.objects.to_read_by(user)
        .filter(assignments__assessor=user)
        .annotate(own_status=F("assignments__assessment__status"))
        .select_related("organisation__country", "call__assessment_plan")
        .order_by("organisation__search_name", "pk")
        .defer("search_text")
    )
    found: dict[int, OfCall] = {}
    has_declared = Q(pk__in=user.declarations.values("call"))
    asking = (
        Call.objects.filter(Q(pk__in=waiting) | IS_ASSESSED & ~has_declared)
        .select_related("assessment_plan")
        .annotate(has_declared=ExpressionWrapper(has_declared, BooleanField()))
    )
    for call in asking:
        found[call.pk] = OfCall(
            call, _plan_of(call), waiting.get(call.pk, 0), has_declared=call.has_declared
        )
    for row in rows:
        of_call = found.setdefault(row.call_id, OfCall(row.call, _plan_of(row.call)))
        shown = blinded(row) if is_read_blind(row) else row
        of_call.readings.append(Reading(shown, row.own_status or ""))
    order = {"": 1, S.DRAFT: 0, S.HANDED_IN: 2, S.ABSTAINED: 3}
    for of_call in found.values():
        # Without names: their order would tell of them.
        if of_call.plan and of_call.plan.is_blind:
            of_call.readings.sort(key=lambda reading: reading.application.reference or "")
        of_call.readings.sort(key=lambda reading: order[reading.status])
    return sorted(found.values(), key=lambda one: one.call.title)


def next_reading(user: User) -> str | None:
    """Return the reference of the first on the assessor's list that they can score."""
    for of_call in readings_of(user):
        for reading in of_call.readings:
            if not (reading.is_over or reading.is_early):
                return reading.application.reference
    return None


def _plan_of(call: Call) -> AssessmentPlan | None:
    return cast("AssessmentPlan | None", getattr(call, "assessment_plan", None))
