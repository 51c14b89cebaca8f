"""The questionnaire engine: versioned templates, and answers with a version number.

A template version is immutable once published; what is being answered stays on its own
version. Every answer counts its saves: a save says which version it read.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programme.calls.models import Call
from questionnaires.states import DataList, Purpose, QuestionKind, VersionStatus


class Template(models.Model):
    """A questionnaire as an idea, e.g. the Local Action Plan; its versions hold the text."""

    key = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    purpose = models.CharField(max_length=15, choices=Purpose)

    class Meta:
        ordering: ClassVar = ["title"]

    def __str__(self) -> str:
        return self.title


class TemplateVersion(models.Model):
    """One version of a template; immutable once published."""

    template = models.ForeignKey(Template, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=VersionStatus, default=VersionStatus.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["template", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["template", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["template"],
                condition=Q(status=VersionStatus.DRAFT),
                name="version_one_draft",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template}, version {self.number}"


class Section(models.Model):
    """A part of a version that people write, mark as done and are reminded of."""

    version = models.ForeignKey(TemplateVersion, models.CASCADE, related_name="sections")
    key = models.SlugField(max_length=60)
    number = models.CharField(max_length=10, blank=True)
    title = models.CharField(max_length=160)
    help = models.TextField(blank=True)
    # Heading under which several sections stand, e.g. "Context, needs and vision".
    group = models.CharField(max_length=120, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    required = models.BooleanField(default=True)
    # A list of the plan that this section is about; the page links to it.
    shows = models.CharField(max_length=15, choices=DataList, blank=True)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "key"], name="section_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()


class Question(models.Model):
    """A question with a stable key, so that answers of two versions can be compared.

    The optional condition shows it only when another question of the version has the
    answer `condition_value`.
    """

    section = models.ForeignKey(Section, models.CASCADE, related_name="questions")
    key = models.SlugField(max_length=60)
    text = models.CharField(max_length=300)
    help = models.TextField(blank=True)
    kind = models.CharField(max_length=15, choices=QuestionKind, default=QuestionKind.LONG_TEXT)
    required = models.BooleanField(default=True)
    # Characters for texts, largest value for numbers, most choices for several.
    limit = models.PositiveIntegerField(null=True, blank=True)
    # [{"value": "...", "label": "..."}] for choices.
    options = models.JSONField(default=list, blank=True)
    condition_question = models.SlugField(max_length=60, blank=True)
    condition_value = models.CharField(max_length=120, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["section", "key"], name="question_key_once"),
        ]

    def __str__(self) -> str:
        return self.text


class CallQuestionnaire(models.Model):
    """Which version a call uses for which purpose."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="questionnaires")
    purpose = models.CharField(max_length=15, choices=Purpose)
    version = models.ForeignKey(TemplateVersion, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["call", "purpose"], name="call_questionnaire_once"),
        ]

    def __str__(self) -> str:
        return f"{self.call}: {self.version}"


class Response(models.Model):
    """A set of answers to one version. What it belongs to points at it."""

    version = models.ForeignKey(TemplateVersion, models.PROTECT, related_name="responses")
    created_at = models.DateTimeField(default=timezone.now)
    # Set when it was handed in; a closed response takes no save.
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.version} #{self.pk}"


class Answer(models.Model):
    """The current answer to one question. `version` counts its saves, from 1."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    value = models.JSONField(null=True)
    # The question does not take it as it is: kept as typed, to be put right.
    is_wrong = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["response", "question"], name="answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.value!s:.40}"


class AnswerRevision(models.Model):
    """A text that an answer once had; nothing written is lost."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    value = models.JSONField(null=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["answer", "version"], name="revision_once"),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} v{self.version}"


class SectionMark(models.Model):
    """That somebody called a section done; removed when it is reopened."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="marks")
    section = models.ForeignKey(Section, models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(default=timezone.now)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["response", "section"], name="section_mark_once"),
        ]

    def __str__(self) -> str:
        return _("%(section)s done") % {"section": self.section}
