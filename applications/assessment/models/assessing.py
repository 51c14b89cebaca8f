"""How a call is assessed: its plan, who knows what, and what each assessor found."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from applications.assessment.states import SPREAD, AssessmentStatus
from applications.models import Application, Assignment, Declaration
from programme.calls.models import AssessmentCriterion, Call
from programme.models import Country, Theme

S = AssessmentStatus


class AssessmentPlan(models.Model):
    """How the applications to a call are assessed; there is one from the opening on."""

    call = models.OneToOneField(Call, models.CASCADE, related_name="assessment_plan")
    assessors_each = models.PositiveSmallIntegerField(default=2, validators=[MinValueValidator(1)])
    # Points of difference on a criterion above which its assessors have to talk.
    spread = models.DecimalField(max_digits=3, decimal_places=1, default=SPREAD)
    # Whether assessors read without names.
    is_blind = models.BooleanField(default=False)
    # Brussels days, the last one included.
    declare_by = models.DateField(null=True, blank=True)
    scores_by = models.DateField(null=True, blank=True)
    consensus_by = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(assessors_each__gte=1), name="plan_has_assessors"),
            models.CheckConstraint(condition=Q(spread__gte=0), name="plan_spread_from_0"),
        ]

    def __str__(self) -> str:
        return str(_("Assessment of “%(call)s”") % {"call": self.call})


class AskedQuerySet(models.QuerySet["Asked"]):
    """Who was asked to declare."""

    def open(self) -> "AskedQuerySet":
        """Return those that still wait for an answer, of plans that go on."""
        return self.filter(~has_declared(), plan__closed_at=None)


def has_declared() -> Exists:
    """Return the condition on who was asked that they have declared, at any time."""
    rows = Declaration.objects.filter(call=OuterRef("plan__call"), assessor=OuterRef("assessor"))
    return Exists(rows)


class Asked(models.Model):
    """That an assessor was asked by mail to declare their interests for a call: once."""

    plan = models.ForeignKey(AssessmentPlan, models.CASCADE, related_name="asked")
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = AskedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "assessor"], name="assessor_asked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.plan}: {self.assessor}"


class Expertise(models.Model):
    """What an assessor knows, by which applications are given to them."""

    assessor = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="expertise"
    )
    countries = models.ManyToManyField(Country, related_name="+", blank=True)
    themes = models.ManyToManyField(Theme, related_name="+", blank=True)
    employer = models.CharField(max_length=200, blank=True)
    # ISO codes, with spaces between.
    languages = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return str(self.assessor)


class Assessment(FSMModelMixin, models.Model):
    """What one assessor writes about one application; only handed in does it count.

    `version` counts what was saved of it as a whole; each score has one of its own.
    """

    # Who has begun cannot simply be taken off: what they wrote stays.
    assignment = models.OneToOneField(Assignment, models.PROTECT, related_name="assessment")
    status = FSMField(_("status"), choices=S, default=S.DRAFT, protected=True)
    begun_at = models.DateTimeField(default=timezone.now)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    overall = models.TextField(blank=True)
    # When `overall` was saved last, draft or not.
    overall_at = models.DateTimeField(null=True, blank=True)
    abstain_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(status=S.HANDED_IN) | Q(handed_in_at__isnull=False),
                name="assessment_handed_in_at",
            ),
            models.CheckConstraint(
                condition=~Q(status=S.ABSTAINED) | ~Q(abstain_reason=""),
                name="assessment_abstained_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.assignment)

    @property
    def is_draft(self) -> bool:
        """Whether its assessor can still write."""
        return bool(self.status == S.DRAFT)

    @transition(field=status, source=S.DRAFT, target=S.HANDED_IN)
    def mark_handed_in(self) -> None:
        """Let it count."""

    @transition(field=status, source=S.DRAFT, target=S.ABSTAINED)
    def mark_abstained(self) -> None:
        """Leave the judgement to the others."""

    @transition(field=status, source=[S.HANDED_IN, S.ABSTAINED], target=S.DRAFT)
    def mark_reopened(self) -> None:
        """Give it back to its assessor."""


class Score(models.Model):
    """The points of one assessor on one criterion, with the sentence that says why."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="scores")
    # A criterion that was scored stays.
    criterion = models.ForeignKey(AssessmentCriterion, models.PROTECT, related_name="scores")
    # Null while only the sentence is written.
    value = models.DecimalField(max_digits=3, decimal_places=1, null=True, blank=True)
    sentence = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="score_once"),
            models.CheckConstraint(condition=Q(value=None) | Q(value__gte=0), name="score_from_0"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value}"


class ScoreVersion(models.Model):
    """What a score once said: nothing that was saved is lost."""

    score = models.ForeignKey(Score, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    value = models.DecimalField(max_digits=3, decimal_places=1, null=True)
    sentence = models.TextField(blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["score", "version"], name="score_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.score}, {self.version}"


class Agreed(models.Model):
    """The value on which the assessors of an application agree after a talk, and why.

    It counts once each of them has agreed; an edit takes back what was agreed before.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="agreed")
    criterion = models.ForeignKey(AssessmentCriterion, models.PROTECT, related_name="agreed")
    value = models.DecimalField(max_digits=3, decimal_places=1)
    sentence = models.TextField()
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "criterion"], name="agreed_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="agreed_from_0"),
        ]

    def __str__(self) -> str:
        return f"{self.application}, {self.criterion}: {self.value}"


class Agreement(models.Model):
    """That one assessor agrees to an agreed value."""

    agreed = models.ForeignKey(Agreed, models.CASCADE, related_name="agreements")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agreed", "person"], name="agreement_once"),
        ]

    def __str__(self) -> str:
        return f"{self.agreed}: {self.person}"
