"""What the assessors found, worked out: the total of each application, and where they differ."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.states import StaffRole
from applications.assessment.engine.points import mean, rounded, spread, weighted_total
from applications.assessment.models import Agreed, AssessmentPlan, Score
from applications.assessment.states import ANSWERED, SPREAD, AssessmentStatus
from applications.models import Application, Assignment, Conflict
from applications.states import ApplicationStatus
from programme.calls.models import AssessmentCriterion, Call

S = ApplicationStatus
# What is ranked: what was found eligible, whatever became of it.
RANKED = (S.ELIGIBLE, S.RESERVE, S.ACCEPTED, S.REJECTED)

# Of an assignment: its assessor can still answer, or has.
IS_AWAITED = Q(assessor__is_active=True, assessor__staff_role=StaffRole.ASSESSOR)
HAS_ANSWERED = Q(assessment__status__in=ANSWERED)


@dataclass(frozen=True)
class OfCriterion:
    """What an application has on one criterion.

    `values` are the points by assessor (their ids), `value` what counts: agreed, or the mean.
    """

    criterion: AssessmentCriterion
    values: dict[int, Decimal]
    value: Decimal | None
    spread: Decimal
    agreed: Agreed | None
    is_agreed: bool
    needs_talk: bool


@dataclass(frozen=True)
class Result:
    """What an application has come to; `total` is 0 to 100, None while nobody has handed in.

    `is_complete`: everybody who is to assess it has handed in or abstained, and somebody has
    handed in. `needs_consensus`: they lie too far apart on a criterion, and have not agreed.
    """

    application: Application
    total: Decimal | None
    by_criterion: tuple[OfCriterion, ...]
    assigned: int
    handed_in: int
    is_complete: bool
    needs_consensus: bool


def result_of(application: Application) -> Result:
    """Return what one application has come to."""
    [result] = _results(application.call, [application], Q(pk=application.pk))
    return result


def results_of(call: Call) -> list[Result]:
    """Return the results of all that was found eligible: the best first, ties by reference.

    Seven queries, however many there are. Those without a total stand last.
    """
    which = Q(call=call, status__in=RANKED)
    related = ("organisation__country",)
    rows = Application.objects.filter(which).select_related(*related).defer("search_text")
    return sorted(
        _results(call, list(rows), which),
        key=lambda one: (one.total is None, -(one.total or 0), one.application.reference or ""),
    )


def free_assignments(applications: "QuerySet[Application]") -> "QuerySet[Assignment]":
    """Return the assignments that count, of people without a link with the application.

    Who has left, or assesses no more, counts with what they have handed in or abstained from;
    what they have only begun nobody waits for.
    """
    link = Conflict.objects.filter(
        application=OuterRef("application"), person=OuterRef("assessor"), lifted_at=None
    )
    return Assignment.objects.filter(
        IS_AWAITED | HAS_ANSWERED, ~Exists(link), application__in=applications.order_by()
    )


def _results(call: Call, applications: list[Application], which: Q) -> list[Result]:
    criteria = list(call.criteria.all())
    plan: AssessmentPlan | None = getattr(call, "assessment_plan", None)
    limit = plan.spread if plan else SPREAD
    asked = Application.objects.filter(which)
    statuses, judges = defaultdict(list), defaultdict(set)
    rows = free_assignments(asked).values_list("application", "assessor", "assessment__status")
    for pk, assessor, status in rows:
        statuses[pk].append(status)
        if status == AssessmentStatus.HANDED_IN:
            judges[pk].add(assessor)
    points = _points(asked, judges)
    agreed = {
        (row.application_id, row.criterion_id): row
        for row in Agreed.objects.filter(application__in=asked).prefetch_related("agreements")
    }
    return [
        _result(
            one,
            tuple(
                of_criterion(
                    criterion,
                    points[one.pk, criterion.pk],
                    agreed.get((one.pk, criterion.pk)),
                    limit,
                )
                for criterion in criteria
            ),
            statuses[one.pk],
        )
        for one in applications
    ]


def _points(
    asked: "QuerySet[Application]", judges: dict[int, set[int]]
) -> dict[tuple[int, int], dict[int, Decimal]]:
    """Return the points that count, by application and criterion, then by assessor."""
    found: dict[tuple[int, int], dict[int, Decimal]] = defaultdict(dict)
    rows = Score.objects.filter(
        assessment__assignment__application__in=asked,
        assessment__status=AssessmentStatus.HANDED_IN,
    ).values_list(
        "assessment__assignment__application",
        "criterion",
        "assessment__assignment__assessor",
        "value",
    )
    for pk, criterion, assessor, value in rows:
        if value is not None and assessor in judges[pk]:
            found[pk, criterion][assessor] = value
    return found


def of_criterion(
    criterion: AssessmentCriterion,
    values: dict[int, Decimal],
    agreed: Agreed | None,
    limit: Decimal,
) -> OfCriterion:
    """Return what counts on a criterion: the agreed value once all who scored agree on it."""
    apart = spread(values.values())
    is_agreed = (
        agreed is not None
        and bool(values)
        and {row.person_id for row in agreed.agreements.all()} >= set(values)
    )
    middle = mean(values.values())
    value = agreed.value if agreed and is_agreed else None if middle is None else rounded(middle)
    return OfCriterion(
        criterion, values, value, apart, agreed, is_agreed, apart > limit and not is_agreed
    )


def _result(
    application: Application, parts: tuple[OfCriterion, ...], statuses: list[Any]
) -> Result:
    total = weighted_total(
        (
            part.criterion.weight,
            part.criterion.max_score,
            mean([part.agreed.value])
            if part.agreed and part.is_agreed
            else mean(part.values.values()),
        )
        for part in parts
    )
    handed_in = statuses.count(AssessmentStatus.HANDED_IN)
    over = handed_in + statuses.count(AssessmentStatus.ABSTAINED)
    return Result(
        application=application,
        total=total,
        by_criterion=parts,
        assigned=len(statuses),
        handed_in=handed_in,
        is_complete=bool(handed_in) and over == len(statuses),
        needs_consensus=any(part.needs_talk for part in parts),
    )
