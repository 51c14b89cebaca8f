"""The assessment of applications."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from applications.assessment.models import Assessment, AssessmentPlan, Score
from applications.assessment.states import AssessmentStatus
from tests.factories.applications import AssignmentFactory
from tests.factories.programme import AssessmentCriterionFactory, CallFactory


class AssessmentPlanFactory(DjangoModelFactory):
    class Meta:
        model = AssessmentPlan

    call = factory.SubFactory(CallFactory)


class AssessmentFactory(DjangoModelFactory):
    class Meta:
        model = Assessment

    assignment = factory.SubFactory(AssignmentFactory)


class HandedInFactory(AssessmentFactory):
    """Handed in; `scores={criterion: points}` are what it says."""

    class Meta:
        model = Assessment
        skip_postgeneration_save = True

    status = AssessmentStatus.HANDED_IN
    handed_in_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def scores(self, create, extracted, **kwargs):
        for criterion, value in (extracted or {}).items():
            ScoreFactory(assessment=self, criterion=criterion, value=value)


class ScoreFactory(DjangoModelFactory):
    class Meta:
        model = Score

    assessment = factory.SubFactory(AssessmentFactory)
    criterion = factory.SubFactory(AssessmentCriterionFactory)
    value = 3
    sentence = "Clear, with some evidence."
