"""Questions about a call, and their answers as they were."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from programme.calls.models.call import Call
from programme.calls.states import QuestionStatus, QuestionTopic


class AnswerDigest(models.Model):
    """One day's mail on new answers: its row is what makes it one a day."""

    day = models.DateField(unique=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.day}"


class CallQuestionQuerySet(models.QuerySet["CallQuestion"]):
    """Reads on questions."""

    def published(self) -> "CallQuestionQuerySet":
        """Questions that everybody may read with their answers."""
        return self.filter(status=QuestionStatus.PUBLISHED)

    def waiting(self) -> "CallQuestionQuerySet":
        """Questions that staff have not dealt with."""
        return self.filter(status=QuestionStatus.WAITING)


class CallQuestion(models.Model):
    """A question about a call: what was asked, and what everybody reads of it.

    `asked` are the words of the asker, seen by them and by staff alone. `question` and `answer`
    are what is public. `version` counts what staff save.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="questions")
    status = models.CharField(max_length=10, choices=QuestionStatus, default=QuestionStatus.WAITING)
    topic = models.CharField(max_length=20, choices=QuestionTopic, blank=True, default="")
    asked = models.TextField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    # Until when the unit means to answer.
    answer_by = models.DateTimeField()
    question = models.TextField(blank=True, default="")
    answer = models.TextField(blank=True, default="")
    # Another question that says the same, where this one was closed with a hint to it.
    same_as = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="asked_too"
    )
    # Why nothing is published, as the asker reads it.
    closed_because = models.TextField(blank=True, default="")
    dealt_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    # When the answer was last changed after it was published; null if it never was.
    changed_at = models.DateTimeField(null=True, blank=True)
    # The mail that told of it as it reads now; null until then.
    told_in = models.ForeignKey(
        AnswerDigest, models.SET_NULL, null=True, blank=True, related_name="questions"
    )
    # The public words, folded for search.
    search_text = models.TextField(editable=False, default="", blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = CallQuestionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-published_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(status=QuestionStatus.PUBLISHED)
                | (~Q(answer="") & ~Q(question="") & Q(published_at__isnull=False)),
                name="question_published_is_answered",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["status", "call"])]

    def __str__(self) -> str:
        # Its words may name people: they stand in no record of what was done.
        return gettext("Question %(number)d on “%(call)s”") % {
            "number": self.pk,
            "call": self.call.title,
        }


class FormerAnswer(models.Model):
    """How a published question and its answer read before they were changed."""

    of = models.ForeignKey(CallQuestion, models.CASCADE, related_name="former")
    question = models.TextField()
    answer = models.TextField()
    since = models.DateTimeField()
    until = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-until", "-id"]

    def __str__(self) -> str:
        return self.question


class Follower(models.Model):
    """A person who is told of new answers about a call, with a draft or without."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="followers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["call", "person"], name="follower_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.call}"


class Helped(models.Model):
    """Whether an answer helped a person who read it; staff see how many said what, not who."""

    of = models.ForeignKey(CallQuestion, models.CASCADE, related_name="helped")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    helped = models.BooleanField()
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of", "person"], name="helped_said_once"),
        ]

    def __str__(self) -> str:
        return f"{self.of}: {self.helped}"
