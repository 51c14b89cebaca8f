"""Factories of questionnaires."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from questionnaires import models
from questionnaires.states import Purpose, QuestionKind, VersionStatus


class TemplateFactory(DjangoModelFactory):
    class Meta:
        model = models.Template

    key = factory.Sequence(lambda n: f"template-{n}")
    title = factory.Sequence(lambda n: f"Questionnaire {n}")
    purpose = Purpose.PLAN


class SectionFactory(DjangoModelFactory):
    class Meta:
        model = models.Section

    version = factory.SubFactory("tests.factories.questionnaires.EmptyVersionFactory")
    key = factory.Sequence(lambda n: f"section-{n}")
    number = ""
    title = factory.Sequence(lambda n: f"Section {n}")
    order = factory.Sequence(lambda n: n)


class QuestionFactory(DjangoModelFactory):
    class Meta:
        model = models.Question

    section = factory.SubFactory(SectionFactory)
    key = factory.Sequence(lambda n: f"question-{n}")
    text = factory.Sequence(lambda n: f"Question {n}?")
    kind = QuestionKind.LONG_TEXT
    required = True
    limit = 1000
    order = factory.Sequence(lambda n: n)


class EmptyVersionFactory(DjangoModelFactory):
    """A version without sections."""

    class Meta:
        model = models.TemplateVersion

    template = factory.SubFactory(TemplateFactory)
    number = 1
    status = VersionStatus.DRAFT


class TemplateVersionFactory(EmptyVersionFactory):
    """A published version of two sections.

    "first" asks a required "why" and an optional "more", "second" a required "where".
    """

    class Meta:
        model = models.TemplateVersion
        skip_postgeneration_save = True

    status = VersionStatus.PUBLISHED
    published_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def sections(version, create, extracted, **kwargs):  # noqa: N805
        first = SectionFactory(version=version, key="first", title="First", order=1)
        QuestionFactory(section=first, key="why", text="Why?", order=1)
        QuestionFactory(section=first, key="more", text="What else?", required=False, order=2)
        second = SectionFactory(version=version, key="second", title="Second", order=2)
        QuestionFactory(
            section=second,
            key="where",
            text="Where?",
            kind=QuestionKind.SHORT_TEXT,
            limit=100,
            order=1,
        )


class ResponseFactory(DjangoModelFactory):
    class Meta:
        model = models.Response

    version = factory.SubFactory(TemplateVersionFactory)
