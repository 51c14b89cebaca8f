"""What is still to be checked of an application, and by whom."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import (
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
)

from accounts.models import User
from accounts.rules import sees_everything
from applications.eligibility import JudgedCriterion, newest_standing
from applications.models import (
    Application,
    Assignment,
    Clarification,
    Commitment,
    CriterionRuling,
    Decision,
    FirstCheck,
    Municipality,
)
from applications.selectors.facts import UNDER_CHECK, eligibility_of, facts_of, municipalities_of
from applications.selectors.reach import people_with_a_link
from applications.states import ApplicationStatus, CommitmentVerdict, DecisionStage
from core.kit.fingerprints import fingerprint
from core.kit.rows import KeptQuery, in_slices
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


# So many hexadecimal digits of its fingerprint are the version of a case.
_VERSION_DIGITS = 6


def version_of_check(
    application: Application,
    criteria: Sequence[JudgedCriterion],
    members: Sequence[Municipality],
    first: FirstCheck | None,
) -> int:
    """Return the version of a case: a number that stands for all that a verdict rests on.

    It is another one once the application is sent again or moves on, a letter comes or is judged,
    a criterion is judged or stands elsewhere, or another person has found something first. Who
    knows all this hands it in: no query.
    """
    letters = [
        (one.pk, given and (given.pk, given.file_id, given.verdict, str(given.verdict_at)))
        for one in members
        for given in [getattr(one, "commitment", None)]
    ]
    judged = [
        (str(item.result.key), item.state, [(row.ruling, str(row.at)) for row in item.rulings])
        for item in criteria
    ]
    sent = (application.status, application.version, str(application.submitted_at))
    seen = fingerprint([sent, letters, judged, first and first.pk])
    return 1 + int(seen[:_VERSION_DIGITS], 16)


def read_version_of_check(application: Application) -> int:
    """Return the `version_of_check` of an application as it is stored now; some six queries."""
    members = municipalities_of(application)
    criteria = eligibility_of(application, facts_of(application, members))
    return version_of_check(application, criteria, members, first_check_of(application, criteria))


def is_asked() -> Q:
    """Return whether staff wait for the city's answer to a question on an application."""
    return Q(pk__in=_ids(_open_questions()))


def _open_questions() -> "QuerySet[Clarification]":
    return Clarification.objects.filter(answered_at=None, withdrawn_at=None)


def to_judge(applications: "QuerySet[Application]", user: User) -> "QuerySet[Application]":
    """Keep what waits for this person's check.

    Not what waits for its city, and not what they have checked themselves where another one
    is to confirm it.
    """
    return applications.filter(_waits_for(user))


def _waits_for(user: User) -> Q:
    return _is_open() & ~is_asked() & ~_is_checked_by(user)


def counts_with_to_judge(user: User) -> tuple[dict[str, int], int]:
    """Return how many applications of the person's list there are per status, and are `to_judge`.

    One query. Most that wait were sent and nothing else: they are counted by their status. Looked
    at one by one is only what was asked, or found by a first person.
    """
    if sees_everything(user):
        found = _COUNTS.rows((user.pk, user.staff_role), lambda: _by_status(user))
    else:
        found = list(_by_status(user))
    numbers = dict(found)
    looked, waiting = numbers.pop(_LOOKED_AT, 0), numbers.pop(_WAITING, 0)
    return numbers, numbers.get(S.SUBMITTED, 0) - looked + waiting


# Beside the statuses in one query; no status begins so.
_LOOKED_AT, _WAITING = "+looked at", "+waiting"
_COUNTS = KeptQuery()


def _by_status(user: User) -> "QuerySet[Any, tuple[str, int]]":
    rows = Application.objects.reached_by(user).order_by()
    looked_at = rows.filter(is_asked() | Q(pk__in=_ids(FirstCheck.objects.all())))
    return _counted(rows, F("status")).union(
        _counted(looked_at.filter(status=S.SUBMITTED), Value(_LOOKED_AT)),
        _counted(looked_at.filter(_waits_for(user)), Value(_WAITING)),
        all=True,
    )


def _counted(rows: "QuerySet[Application]", label: Any) -> "QuerySet[Any, tuple[str, int]]":
    named = rows.annotate(counted_as=ExpressionWrapper(label, output_field=CharField()))
    return (
        named.values("counted_as").annotate(number=Count("pk")).values_list("counted_as", "number")
    )


def is_being_checked(application: Application) -> bool:
    """Tell whether the check is open: a refusal is, while one of two has turned it round."""
    if application.status != S.INELIGIBLE:
        return application.status == S.SUBMITTED
    return Application.objects.filter(_is_open(), pk=application.pk).exists()


def _is_open() -> Q:
    """Return whether the check is open, as `is_being_checked` says of one."""
    # The status first: the database asks in this order, of every row that is counted.
    return Q(status=S.SUBMITTED) | Q(status=S.INELIGIBLE, pk__in=_ids(_first_checks()))


def _is_checked_by(user: User) -> Q:
    """Return whether the person has made the first check, where the call asks for two."""
    return Q(pk__in=_ids(_first_checks().filter(by=user.pk)))


def _first_checks() -> "QuerySet[FirstCheck]":
    """Return what the first of two has found."""
    return FirstCheck.objects.filter(application__call__checkers=Checkers.TWO, by__isnull=False)


def _ids(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Return the ids of the applications that rows are about: read once, not for each."""
    return rows.order_by().values("application")


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
    is_open, is_waiting = _is_open(), is_asked()
    own = _is_checked_by(user)
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
    """Return the neighbours of an application; one query for the first hundreds.

    After the last one comes the first that was left open; the first follows what is not in
    the queue any more. It is read only as far as that.
    """
    rows = queue.values_list("reference", "organisation__name", "organisation__country")
    first = previous = None
    cases = (Case(key or "", *rest) for key, *rest in in_slices(rows))
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
