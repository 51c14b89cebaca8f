"""Outcomes that staff prepare, their letters, and the releases that tell the cities."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from applications.assessment.states import DECIDABLE, OUTCOME_TONES, PendingOutcome
from applications.models import Application, Decision, Submission
from applications.states import DecisionOutcome
from core.jobs.models import Job
from core.trail.append_only import AppendOnlyModel
from programme.calls.models import Call

if TYPE_CHECKING:
    from accounts.models import User


class Paragraph(models.Model):
    """A reason that is written once and used in many letters.

    `body` has its words by language. Without a call it is for all of them.
    """

    call = models.ForeignKey(Call, models.CASCADE, null=True, blank=True, related_name="paragraphs")
    key = models.SlugField(max_length=40)
    title = models.CharField(max_length=120)
    outcome = models.CharField(max_length=10, choices=DecisionOutcome)
    body = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["outcome", "title", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["call", "key"], name="paragraph_key_once"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(call__isnull=True), name="paragraph_key_once_for_all"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def words_in(self, language: str) -> str:
        """Return its words in a language, else in English."""
        return str(self.body.get(language) or self.body.get(settings.LANGUAGE_CODE, ""))


class Release(models.Model):
    """One telling of all outcomes of a call that were ready at that moment."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="releases")
    # 1, 2, 3 … of its call.
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # The work that does it, or did it last; gone after some days.
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["call", "number"], name="release_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.call}, {self.number}"


def _newer_submissions() -> "models.QuerySet[Submission]":
    """Return what the applicant of an outcome has sent since the outcome was prepared."""
    return Submission.objects.filter(
        application=OuterRef("application"), number__gt=OuterRef("submission__number")
    ).order_by()


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    """Which outcomes are prepared, and which may leave."""

    def visible_to(self, user: "User") -> "OutcomeQuerySet":
        """Return those on applications that the person's role of staff reaches."""
        return self.filter(application__in=Application.objects.reached_by(user).values("pk"))

    def pending(self) -> "OutcomeQuerySet":
        """Return those that no city knows of yet."""
        return self.filter(released_at=None, application__status__in=DECIDABLE)

    def with_state(self) -> "OutcomeQuerySet":
        """Say of each whether the next release tells it, and whether its applicant sent again."""
        ready = Outcome.objects.ready().filter(pk=OuterRef("pk")).order_by()
        return self.annotate(is_ready=Exists(ready), is_overtaken=Exists(_newer_submissions()))

    def ready(self) -> "OutcomeQuerySet":
        """Return those that the next release tells.

        They are decided on what was sent last, not held, and not on their way.
        """
        return (
            self.pending()
            .filter(~Exists(_newer_submissions()))
            .filter(is_held=False, outcome__in=DecisionOutcome.values)
            .exclude(outcome=F("application__status"))
            .filter(Q(release=None) | ~Q(failure=""))
        )


class Outcome(models.Model):
    """What staff prepare for one application; its city learns of it on the release alone.

    It may be changed freely until then; `version` counts the changes. After a release the row
    says what was told; a city on the reserve list can be prepared for anew.
    """

    application = models.OneToOneField(Application, models.PROTECT, related_name="outcome")
    outcome = models.CharField(max_length=10, choices=PendingOutcome)
    reason = models.TextField(blank=True)
    # What was judged: a city that sends again is to be decided on anew.
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="+")
    # The outcome stands, its letter stays behind.
    is_held = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    prepared_at = models.DateTimeField(default=timezone.now)
    release = models.ForeignKey(
        Release, models.PROTECT, null=True, blank=True, related_name="outcomes"
    )
    # Why the last release did not tell it: a sentence for staff.
    failure = models.CharField(max_length=500, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    decision = models.OneToOneField(
        Decision, models.PROTECT, null=True, blank=True, related_name="prepared_as"
    )
    # Where it stood in the ranking when its city was first told, and with how many points of 100:
    # the reserve list keeps that order, whatever is scored anew afterwards.
    rank = models.PositiveIntegerField(null=True, blank=True)
    points = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["application_id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, decision__isnull=True)
                | Q(released_at__isnull=False, decision__isnull=False),
                name="outcome_released_with_its_decision",
            ),
            models.CheckConstraint(
                condition=Q(outcome=PendingOutcome.HELD) | ~Q(reason=""),
                name="outcome_has_a_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["application"],
                condition=Q(released_at__isnull=True),
                name="outcome_pending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.outcome}"

    @property
    def is_released(self) -> bool:
        """Whether the applicant was told."""
        return self.released_at is not None

    @property
    def is_leaving(self) -> bool:
        """Whether a release has it in hand."""
        return self.release_id is not None and not self.is_released and not self.failure

    @property
    def tone(self) -> str:
        """Return the tone of components/status.html."""
        return OUTCOME_TONES[PendingOutcome(self.outcome)]


class LetterDraft(AppendOnlyModel):
    """One writing of a letter by staff; all are kept, so that no word is lost on the way back.

    It is used while outcome and reason are those for which it was written; without subject and
    text the letter is the usual one again.
    """

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="drafts")
    number = models.PositiveSmallIntegerField()
    written_for = models.CharField(max_length=10, choices=DecisionOutcome)
    reason = models.TextField()
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["outcome", "number"], name="letter_draft_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome}, {self.number}"

    @property
    def is_usual(self) -> bool:
        """Whether it takes the usual letter again."""
        return not self.text


class Letter(AppendOnlyModel):
    """The one letter that told a decision: a second one on the same decision cannot be written."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="letter")
    release = models.ForeignKey(
        Release, models.PROTECT, null=True, blank=True, related_name="letters"
    )
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=500)
    text = models.TextField()
    is_own = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-decision_id"]

    def __str__(self) -> str:
        return self.subject


class Correction(models.Model):
    """A decision that was told and was wrong, on its way to be put right by two people.

    `reason` says what went wrong, for staff; `words` is what the city reads of it.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="corrections")
    was = models.ForeignKey(Decision, models.PROTECT, related_name="corrections")
    outcome = models.CharField(max_length=10, choices=DecisionOutcome)
    reason = models.TextField()
    words = models.TextField()
    version = models.PositiveIntegerField(default=1)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    prepared_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)
    decision = models.OneToOneField(
        Decision, models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )

    class Meta:
        ordering: ClassVar = ["-prepared_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(confirmed_at__isnull=True, discarded_at__isnull=True),
                name="correction_one_open",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("prepared_by")),
                name="correction_by_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.outcome}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for the second person."""
        return self.confirmed_at is None and self.discarded_at is None
