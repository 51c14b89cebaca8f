"""What is still to be checked of an application, and by whom."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import User
from applications.eligibility import JudgedCriterion, newest_standing
from applications.models import (
    Application,
    Assignment,
    Clarification,
    Commitment,
    CriterionRuling,
    Decision,
    FirstCheck,
)
from applications.selectors.facts import UNDER_CHECK
from applications.selectors.lists import people_with_a_link
from applications.states import ApplicationStatus, CommitmentVerdict, DecisionStage
from programme.calls.states import Checkers

S = ApplicationStatus


def states_of(criteria: Sequence[JudgedCriterion]) -> dict[str, str]:
    """Return where each criterion stands, as a first check keeps it."""
    return {str(item.result.key): item.state for item in criteria}


def first_check_of(
    application: Application, criteria: Sequence[JudgedCriterion]
) -> FirstCheck | None:
    """Return what the first of two people found, while it counts; one query.

    It counts no more once the call asks for one person, a criterion stands elsewhere, or who
    made it has a link with the applicant; whoever judges anything anew takes it away.
    """
    if application.call.checkers != Checkers.TWO:
        return None
    linked = people_with_a_link(application).filter(pk=OuterRef("by"))
    first = (
        FirstCheck.objects.filter(~Exists(linked), application=application, by__isnull=False)
        .select_related("by")
        .first()
    )
    return first if first and first.states == states_of(criteria) else None


def is_asked() -> Exists:
    """Return whether staff wait for the city's answer to a question on an application."""
    return Exists(
        Clarification.objects.filter(
            application=OuterRef("pk"), answered_at=None, withdrawn_at=None
        )
    )


def to_judge(applications: "QuerySet[Application]", user: User) -> "QuerySet[Application]":
    """Keep what waits for this person's check.

    Not what waits for its city, and not what they have checked themselves where another one
    is to confirm it.
    """
    return applications.filter(_is_open(), ~is_asked(), ~_is_checked_by(user))


def is_being_checked(application: Application) -> bool:
    """Tell whether the check is open: a refusal is, while one of two has turned it round."""
    if application.status != S.INELIGIBLE:
        return application.status == S.SUBMITTED
    return Application.objects.filter(_is_open(), pk=application.pk).exists()


def _is_open() -> Q:
    """Return whether the check is open, as `is_being_checked` says of one."""
    return Q(status=S.SUBMITTED) | Q(Exists(_first_checks()), status=S.INELIGIBLE)


def _is_checked_by(user: User) -> Exists:
    """Return whether the person has made the first check, where the call asks for two."""
    return Exists(_first_checks().filter(by=user.pk))


def _first_checks() -> "QuerySet[FirstCheck]":
    """Return what the first of two found on an application of the outer query."""
    return FirstCheck.objects.filter(
        application=OuterRef("pk"), application__call__checkers=Checkers.TWO, by__isnull=False
    )


@dataclass(frozen=True)
class Numbers:
    """How far the check of some applications has come."""

    passed: int
    failed: int
    # Wait for an answer of their city.
    asked: int
    # Wait for another person to confirm what this one has found.
    second: int
    waiting: int

    @property
    def done(self) -> int:
        """How many have had their turn."""
        return self.passed + self.failed + self.asked + self.second

    @property
    def total(self) -> int:
        """How many there are."""
        return self.done + self.waiting


def checked_numbers(applications: "QuerySet[Application]", user: User) -> Numbers:
    """Count them by what became of their check; what was withdrawn is left out; one query."""
    is_open, is_waiting = _is_open(), Q(is_asked())
    own = Q(_is_checked_by(user))
    found = applications.order_by().aggregate(
        passed=Count("pk", filter=~Q(status__in=[S.SUBMITTED, S.INELIGIBLE, S.WITHDRAWN])),
        failed=Count("pk", filter=Q(status=S.INELIGIBLE) & ~is_open),
        asked=Count("pk", filter=is_open & is_waiting),
        second=Count("pk", filter=is_open & ~is_waiting & own),
        waiting=Count("pk", filter=is_open & ~is_waiting & ~own),
    )
    return Numbers(**found)


@dataclass(frozen=True)
class Case:
    """One application of a queue: enough to name it and to lead there."""

    reference: str
    name: str
    country: str


@dataclass(frozen=True)
class Around:
    """What stands before and after an application in a queue; None at its ends."""

    previous: Case | None
    next: Case | None


def around(queue: "QuerySet[Application]", reference: str) -> Around:
    """Return the neighbours of an application; one query.

    After the last one comes the first that was left open; the first follows what is not in
    the queue any more. It is read only as far as that.
    """
    rows = queue.values_list("reference", "organisation__name", "organisation__country")
    first = previous = None
    cases = (Case(key or "", *rest) for key, *rest in rows.iterator(chunk_size=200))
    for case in cases:
        if case.reference == reference:
            following = next(cases, None)
            return Around(previous, following or first)
        first, previous = first or case, case
    return Around(None, first)


class Step(StrEnum):
    """What a person does in a check, as far as it can be taken back."""

    RULING = "ruling"
    LETTER = "letter"
    FIRST_CHECK = "first_check"
    ELIGIBLE = "eligible"


@dataclass(frozen=True)
class LastStep:
    """The last thing that a person did in a check, and the row that says so."""

    kind: Step
    row: CriterionRuling | Commitment | FirstCheck | Decision


def last_step_of(application: Application, user: User) -> LastStep | None:
    """Return what the person can take back of a check, the newest first; None for nothing.

    Nothing of it was told to anybody: a refusal, and taking one back, are turned round with a
    mail, on a page of their own.
    """
    if application.status == S.ELIGIBLE:
        return _eligible_step(application, user)
    if application.status not in UNDER_CHECK:
        return None
    first = FirstCheck.objects.filter(application=application, by=user.pk).first()
    if first is not None:
        return LastStep(Step.FIRST_CHECK, first)
    if application.status != S.SUBMITTED:
        return None
    steps = [*_ruling_steps(application, user), *_letter_steps(application, user)]
    return max(steps, key=lambda dated: dated[0], default=(None, None))[1]


def _eligible_step(application: Application, user: User) -> LastStep | None:
    """Return the decision while nobody works on it, and the city was never told another one."""
    named = Assignment.objects.filter(application=application.pk)
    checks = application.decisions.filter(stage=DecisionStage.ELIGIBILITY)
    found = list(checks.annotate(is_read=Exists(named))[:2])
    if not found or found[0].by_id != user.pk or found[0].is_read:
        return None
    was_told = any(before.outcome == S.INELIGIBLE for before in found[1:])
    return None if was_told else LastStep(Step.ELIGIBLE, found[0])


Dated = tuple[datetime, LastStep]


def _ruling_steps(application: Application, user: User) -> Iterator[Dated]:
    """Yield the rulings of the person that stand, one of each criterion at most."""
    rows: dict[str, list[CriterionRuling]] = {}
    for row in application.rulings.filter(at__gte=application.submitted_at):
        rows.setdefault(row.criterion, []).append(row)
    for found in rows.values():
        standing = newest_standing(found)
        if standing is None or standing.by_id != user.pk:
            continue
        if not _was_read(application, standing):
            yield standing.at, LastStep(Step.RULING, standing)


def _was_read(application: Application, ruling: CriterionRuling) -> bool:
    """Tell whether its city could read the reason: it was released, and eligibility decided."""
    decided = application.decisions.filter(stage=DecisionStage.ELIGIBILITY, at__gte=ruling.at)
    return ruling.released and decided.exists()


def _letter_steps(application: Application, user: User) -> Iterator[Dated]:
    """Yield the commitments that the person judged."""
    rows = Commitment.objects.filter(
        municipality__application=application,
        verdict_by=user.pk,
        verdict_at__gte=application.submitted_at,
    ).exclude(verdict=CommitmentVerdict.WAITING)
    for row in rows.select_related("municipality"):
        if row.verdict_at:
            yield row.verdict_at, LastStep(Step.LETTER, row)
