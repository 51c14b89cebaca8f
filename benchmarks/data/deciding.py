"""A call whose applications are ranked, and one whose cities wait on the reserve list."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from applications.assessment.models import Assessment
from applications.assessment.states import AssessmentStatus
from applications.models import Application, Assignment, Decision, Submission
from applications.states import ApplicationStatus, DecisionStage
from benchmarks.data.common import MARK, gathered
from benchmarks.rows import multiply, table
from programme.calls.models import Call
from programme.organisations.models import Organisation
from programme.states import Side


@transaction.atomic
def rank(call: Call, number: int) -> None:
    """Let a call that is assessed have so many applications more, each with scores handed in."""
    pattern = call.applications.filter(status=ApplicationStatus.ELIGIBLE).earliest("pk")
    with _copies(pattern, "RANKED", number) as made:
        for assignment in pattern.assignments.all():
            multiply(assignment, made, application_id="made.application")
            found = Assessment.objects.get(assignment=assignment, status=AssessmentStatus.HANDED_IN)
            _copy_assessment(found, made)


def _copy_assessment(pattern: Assessment, made: str) -> None:
    """Let the same person give each of the copies points of its own."""
    given = (
        f"SELECT made.n, x.id AS assignment FROM {made} JOIN {table(Assignment)} AS x "  # noqa: S608
        f"ON x.application_id = made.application "
        f"AND x.assessor_id = {pattern.assignment.assessor_id}"
    )
    with gathered("bench_given", given) as assignments:
        multiply(pattern, assignments, assignment_id="made.assignment")
        points = (
            f"(SELECT made.n, x.id AS assessment FROM {assignments} "  # noqa: S608
            f"JOIN {table(Assessment)} AS x ON x.assignment_id = made.assignment) AS made"
        )
        for score in pattern.scores.all():
            multiply(
                score, points, assessment_id="made.assessment", value="(made.n % 10)::numeric / 2"
            )


@transaction.atomic
def keep_waiting(call: Call, number: int) -> None:
    """Let so many cities more of a call that is decided stand on its reserve list."""
    pattern = call.applications.filter(
        status=ApplicationStatus.RESERVE, outcome__isnull=False
    ).earliest("pk")
    with _copies(pattern, "WAITING", number) as made:
        for decision in pattern.decisions.order_by("number"):
            multiply(
                decision,
                made,
                application_id="made.application",
                submission_id="made.submission",
            )
        told = (
            f"(SELECT made.*, x.id AS decision FROM {made} JOIN {table(Decision)} AS x "  # noqa: S608
            f"ON x.application_id = made.application AND x.stage = '{DecisionStage.OUTCOME}') "
            f"AS made"
        )
        multiply(
            pattern.outcome,
            told,
            application_id="made.application",
            submission_id="made.submission",
            decision_id="made.decision",
            rank="pattern.rank + made.n",
            points="greatest(0, pattern.points - made.n * 0.05)",
        )


@contextmanager
def _copies(pattern: Application, prefix: str, number: int) -> Iterator[str]:
    """Copy an application, and what it sent last, for cities without one in its call."""
    cities = (
        f"SELECT o.id AS organisation, row_number() OVER (ORDER BY o.id) AS n "  # noqa: S608
        f"FROM {table(Organisation)} AS o WHERE o.slug LIKE '{MARK}-%' AND o.side = '{Side.EU}' "
        f"AND NOT EXISTS (SELECT 1 FROM {table(Application)} AS a "
        f"WHERE a.call_id = {pattern.call_id} AND a.organisation_id = o.id) "
        f"ORDER BY o.id LIMIT {number}"
    )
    reference = f"'{prefix}-' || lpad(made.n::text, 6, '0')"
    with gathered("bench_copied", cities) as made:
        multiply(
            pattern,
            made,
            organisation_id="made.organisation",
            draft_key=f"'draft-{prefix.lower()}-' || made.n",
            reference=reference,
            search_text=f"lower({reference})",
            response_id="NULL",
            is_demo="false",
        )
        sent = (
            f"SELECT a.id AS application, made.n FROM {made} "  # noqa: S608
            f"JOIN {table(Application)} AS a ON a.reference = {reference}"
        )
        with gathered("bench_copies", sent) as applications:
            multiply(
                pattern.submissions.latest("number"),
                applications,
                application_id="made.application",
                number="1",
            )
            whole = (
                f"SELECT made.*, x.id AS submission FROM {applications} "  # noqa: S608
                f"JOIN {table(Submission)} AS x ON x.application_id = made.application"
            )
            with gathered("bench_sent_again", whole) as found:
                yield found
