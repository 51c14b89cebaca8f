"""The page of one assessor and one application, and the scores of the others."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from accounts.models import User
from applications.assessment.engine.points import rounded
from applications.assessment.models import Assessment, Score
from applications.assessment.states import AssessmentStatus
from applications.models import Application
from programme.calls.models import AssessmentCriterion


@dataclass(frozen=True)
class Level:
    """A line of the ladder: what a score means."""

    points: int
    words: str


@dataclass(frozen=True)
class Card:
    """One criterion as its assessor sees it."""

    number: int
    criterion: AssessmentCriterion
    score: Score | None

    @property
    def is_done(self) -> bool:
        """Whether it has points and a sentence."""
        return bool(self.score and self.score.value is not None and self.score.sentence)

    @property
    def levels(self) -> list[Level]:
        """Return what the scores mean, the highest first."""
        return ladder_of(self.criterion)


def ladder_of(criterion: AssessmentCriterion) -> list[Level]:
    """Return the lines of a criterion's ladder, the highest first."""
    rows = [Level(int(points), words) for points, words in criterion.ladder.items()]
    return sorted(rows, key=lambda level: -level.points)


def own_assessment(application: Application, user: User) -> Assessment | None:
    """Return what the person has written of the application so far."""
    return Assessment.objects.filter(
        assignment__application=application, assignment__assessor=user
    ).first()


def cards_of(application: Application, assessment: Assessment | None) -> list[Card]:
    """Return the criteria of the call with the assessor's scores."""
    scores = {row.criterion_id: row for row in assessment.scores.all()} if assessment else {}
    criteria = application.call.criteria.all()
    return [Card(n, one, scores.get(one.pk)) for n, one in enumerate(criteria, 1)]


def so_far(cards: list[Card]) -> tuple[Decimal | None, int]:
    """Return the weighted total, 0 to 100, of what has points, and how much weight that is."""
    scored = [(card, card.score.value) for card in cards if card.score]
    parts = [(card.criterion, value) for card, value in scored if value is not None]
    weight = sum(criterion.weight for criterion, _value in parts)
    if not weight:
        return None, 0
    share = sum((one.weight * Fraction(value) / one.max_score for one, value in parts), Fraction(0))
    return rounded(100 * share / weight), weight


def assessments_of(application: Application) -> list[Assessment]:
    """Return all assessments of an application, with who wrote them and their scores."""
    rows = Assessment.objects.filter(assignment__application=application)
    related = ("assignment__assessor",)
    return list(
        rows.select_related(*related)
        .prefetch_related("scores__criterion")
        .order_by("assignment__assessor__search_name")
    )


def others_of(application: Application, user: User) -> list[Assessment]:
    """Return what the others have handed in; ask `assessment.view_scores` before."""
    return [
        row
        for row in assessments_of(application)
        if row.status == AssessmentStatus.HANDED_IN and row.assignment.assessor_id != user.pk
    ]
